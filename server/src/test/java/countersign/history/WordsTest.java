package countersign.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WordsTest {
    @Test
    void words_are_runs_of_letters_and_digits_in_lower_case() {
        assertThat(of("systems/checkout/Checkout-Production.yaml: 90s"))
                .containsExactly("systems", "checkout", "checkout", "production", "yaml", "90s");
    }

    @Test
    void widths_and_ligatures_are_folded() {
        assertThat(of("ＣＡＣＨＥ ﬁle")).containsExactly("cache", "file");
    }

    @Test
    void chinese_gives_characters_and_pairs() {
        assertThat(of("提高缓存")).containsExactly("提", "高", "缓", "存", "提高", "高缓", "缓存");
    }

    @Test
    void scripts_that_meet_are_cut_apart() {
        assertThat(of("把cache调高")).containsExactly("把", "cache", "调", "高", "调高");
    }

    @Test
    void what_is_typed_wants_pairs_where_it_can_and_one_character_where_it_must() {
        assertThat(Words.wanted("提高缓存")).containsExactly("提高", "高缓", "缓存");
        assertThat(Words.wanted("存 cache")).containsExactly("存", "cache");
        assertThat(Words.wanted("-- !")).isEmpty();
    }

    @Test
    void everything_typed_from_a_text_is_among_its_words() {
        String text = "把 checkout 的超时从 30 秒提高到 60 秒";

        assertThat(of(text)).containsAll(Words.wanted("超时从")).containsAll(Words.wanted("60 秒"));
    }

    @Test
    void only_a_word_of_letters_at_the_end_may_go_on() {
        assertThat(Words.endsOpen("raise ca")).isTrue();
        assertThat(Words.endsOpen("raise ")).isFalse();
        assertThat(Words.endsOpen("缓存")).isFalse();
        assertThat(Words.endsOpen("")).isFalse();
    }

    private static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        Words.eachOf(text, words::add);
        return words;
    }
}
