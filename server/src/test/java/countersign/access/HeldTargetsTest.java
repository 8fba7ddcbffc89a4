package countersign.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldTargetsTest {
    private final HeldTargets held = new HeldTargets(List.of("web-production", "web-test"));

    @Test
    void one_held_target_holds_up_the_whole_change_and_is_named() {
        assertThat(held.find(List.of("web-staging", "web-test"))).hasValueSatisfying(finding -> {
            assertThat(finding.rule()).isEqualTo("target-held");
            assertThat(finding.message()).contains("web-test").doesNotContain("web-production", "web-staging");
        });
    }

    @Test
    void a_change_of_other_targets_or_of_none_goes_on() {
        assertThat(held.find(List.of("web-staging"))).isEmpty();
        assertThat(held.find(List.of())).isEmpty();
    }
}
