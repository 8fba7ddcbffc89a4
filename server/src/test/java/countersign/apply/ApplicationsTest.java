package countersign.apply;

import static countersign.apply.ApplyScene.CHECKOUT;
import static countersign.apply.ApplyScene.STORE;
import static countersign.apply.ApplyScene.digest;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.MergedChange;
import countersign.target.InMemoryDriver;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ApplicationsTest {
    private final ApplyScene scene = new ApplyScene(new InMemoryDriver());

    @Test
    void what_it_holds_does_not_grow_with_the_number_of_merges() {
        MergedChange first = merge(0, 1);
        merge(1, 1_100);
        int text = scene.applications.memory(1_100).text().length();
        merge(1_100, 1_300);

        assertThat(scene.applications.remembered()).isEqualTo(1_000);
        assertThat(scene.applications.find(first.change())).isEmpty();
        assertThat(scene.applications.memory(1_300).text()).hasSizeLessThanOrEqualTo(text);
        assertThat(scene.applications.units(first.change())).isEmpty();
    }

    @Test
    void a_merge_that_it_has_forgotten_is_not_due_again() {
        MergedChange first = merge(0, 1);
        merge(1, 1_100);

        scene.applications.merged(first);

        assertThat(scene.applications.due()).isZero();
    }

    @Test
    void states_of_the_last_merges_of_a_unit_are_known_and_not_those_of_all_its_merges() {
        merge(0, 100);

        assertThat(knows("text 99")).isTrue();
        assertThat(knows("text " + (100 - Applications.STATES))).isTrue();
        assertThat(knows("text " + (99 - Applications.STATES))).isFalse();
        assertThat(scene.applications.known(STORE, Optional.empty())).isFalse();
    }

    @Test
    void what_stands_is_known_however_many_merges_came_since() {
        merge(0, 1);
        scene.frozenUntil.clear();
        for (int i = 1; i < 100; i++) {
            MergedChange late = scene.merge("late-" + i, Map.of(STORE, "text " + i));
            scene.frozenUntil.put(late.change(), ApplyScene.NOW.plusSeconds(3600));
        }
        scene.restart();

        assertThat(knows("text 0")).isTrue();
        assertThat(knows("text 1")).isFalse();
        assertThat(knows("text 99")).isTrue();
    }

    @Test
    void a_unit_does_not_forget_its_states_because_another_one_is_merged_often() {
        scene.merge("checkout", Map.of(CHECKOUT, "mine"));
        scene.drain();
        merge(0, 100);

        assertThat(scene.applications.known(CHECKOUT, Optional.ofNullable(digest(Optional.of("mine")))))
                .isTrue();
    }

    private MergedChange merge(int from, int until) {
        MergedChange last = scene.merge("change-" + from, Map.of(STORE, "text " + from));
        for (int i = from + 1; i < until; i++) {
            scene.drain();
            last = scene.merge("change-" + i, Map.of(STORE, "text " + i));
        }
        scene.drain();
        return last;
    }

    private boolean knows(String text) {
        return scene.applications.known(STORE, Optional.ofNullable(digest(Optional.of(text))));
    }
}
