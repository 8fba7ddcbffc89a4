package countersign.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "**, systems/shop/a.yaml, true",
        "systems/**, systems/shop/a.yaml, true",
        "systems/**, systems/a.yaml, true",
        "systems/**, systems, false",
        "systems/*, systems/shop/a.yaml, false",
        "systems/*/a.yaml, systems/shop/a.yaml, true",
        "**/*.yaml, systems/shop/a.yaml, true",
        "**/*.yaml, a.yaml, false",
        "**.yaml, a.yaml, true",
        "systems/sh?p/*-production.yaml, systems/shop/x-production.yaml, true",
        "systems/sh?p/*-production.yaml, systems/shop/x-staging.yaml, false",
        "systems?shop, systems/shop, false",
        "/spec/tls/**, /spec/tls/version, true",
        "/spec/tls/**, /spec/tlsx, false",
        "a*a*a*a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false"
    })
    void one_star_stays_in_a_folder_and_two_do_not(String pattern, String text, boolean expected) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(expected);
    }

    @Test
    void no_pattern_at_all_means_everything() {
        assertThat(Glob.anyOrEmpty(List.of(), "a")).isTrue();
        assertThat(Glob.anyOrEmpty(List.of(new Glob("b")), "a")).isFalse();
    }
}
