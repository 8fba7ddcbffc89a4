package countersign.codec;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.document.PathRules;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Unicode13Test {
    @Test
    void it_is_what_java_17_knows_and_every_later_java_knows_it_too() {
        boolean exactly = Runtime.version().feature() == 17;

        IntStream differing = IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(c -> {
            boolean known = Character.getType(c) != Character.UNASSIGNED;
            return exactly ? known != Unicode13.isAssigned(c) : Unicode13.isAssigned(c) && !known;
        });

        assertThat(differing.boxed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1FAE8, 0x1ACF, 0xA7CB, 0x1E4D0})
    void a_path_with_a_younger_character_is_refused_whatever_java_judges_it(int codePoint) {
        String path = "systems/shop/files/a" + Character.toString(codePoint);

        assertThat(PathRules.check(path)).extracting(Finding::rule).contains("path-invisible");
    }

    @Test
    void a_path_with_an_older_one_is_fine() {
        assertThat(PathRules.check("systems/shop/files/thé 茶 🍵")).isEmpty();
    }
}
