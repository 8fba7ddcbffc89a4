package countersign.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeldTargetsTest {
    private static final TargetFolders FOLDERS =
            new TargetFolders(Map.of("web-production", "production", "web-test", "test", "web-staging", "staging"));

    private final HeldTargets held = new HeldTargets(List.of("web-production", "web-test"));

    @Test
    void one_held_target_holds_up_the_whole_change_and_is_named() {
        assertThat(held.find(List.of("web-staging", "web-test"), FOLDERS, FOLDERS))
                .hasValueSatisfying(finding -> {
                    assertThat(finding.rule()).isEqualTo("target-held");
                    assertThat(finding.message()).contains("web-test").doesNotContain("web-production", "web-staging");
                });
    }

    @Test
    void a_change_of_other_targets_or_of_none_goes_on() {
        assertThat(held.find(List.of("web-staging"), FOLDERS, FOLDERS)).isEmpty();
        assertThat(held.find(List.of(), FOLDERS, FOLDERS)).isEmpty();
    }

    @Test
    void another_target_in_the_folder_that_a_held_one_has_or_had_is_held_with_it() {
        TargetFolders moved = new TargetFolders(Map.of(
                "web-test", "rehearsal", "web-new", "test", "web-inner", "Rehearsal/inner", "web-beside", "test2"));

        assertThat(message("web-new", moved)).contains("web-new (in the folder of web-test)");
        assertThat(message("web-inner", moved)).contains("web-inner (in the folder of web-test)");
        assertThat(held.find(List.of("web-beside"), FOLDERS, moved)).isEmpty();
        assertThat(new HeldTargets(List.of("web-production")).find(List.of("web-new"), FOLDERS, moved))
                .as("web-test was released")
                .isEmpty();
    }

    private String message(String target, TargetFolders present) {
        return held.find(List.of(target), FOLDERS, present).orElseThrow().message();
    }
}
