package countersign.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Refusal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {
    @ParameterizedTest
    @CsvSource({
        ">=2.2.0 <2.4.0, 2.2.0, true",
        ">=2.2.0 <2.4.0, 2.4, false",
        ">=2.2.0 <2.4.0, 2.4.0-rc1, true",
        ">=2.2.0 <2.4.0, 2.10.0, false",
        "2.3, 2.3.0, true",
        "2.3, 2.3.1, false",
        "=2.3, 2.3.0, true",
        ">1 <=3, 3.0, true",
        ">1 <=3, 1, false",
    })
    void a_range_holds_the_versions_between_its_bounds(String range, String version, boolean held) {
        assertThat(VersionRange.parse(range).contains(VersionNumber.parse(version)))
                .isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "1.x", ">=", "1..2", "99999999999999999999", "1 1 1 1 1 1 1 1 1 1"})
    void what_cannot_be_compared_is_refused(String text) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> VersionRange.parse(text));

        assertThat(refusal.rule()).isEqualTo("wrong-version");
    }

    @Test
    void versions_are_ordered_by_their_numbers_not_their_letters() {
        List<String> ordered = Stream.of("2.10", "2.9.1", "2.9", "2.9-rc2", "2.9-rc1", "v3")
                .sorted((a, b) -> VersionNumber.parse(a).compareTo(VersionNumber.parse(b)))
                .toList();

        assertThat(ordered).containsExactly("2.9-rc1", "2.9-rc2", "2.9", "2.9.1", "2.10", "v3");
    }
}
