package countersign.apply;

import static countersign.apply.ApplyScene.CHECKOUT;
import static countersign.apply.ApplyScene.DATABASE;
import static countersign.apply.ApplyScene.STORE;
import static countersign.apply.ApplyScene.location;
import static countersign.apply.ApplyScene.unit;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.repository.FileMode;
import countersign.target.DirectoryDriver;
import countersign.target.InMemoryDriver;
import countersign.target.ReleaseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApplierTest {
    @TempDir
    private Path root;

    private ApplyScene scene;

    @BeforeEach
    void openScene() {
        scene = new ApplyScene(new DirectoryDriver(root));
    }

    @Test
    void a_merged_change_is_brought_to_its_target_with_a_signed_receipt() {
        MergedChange change = scene.merge("first", Map.of(STORE, "one"));
        assertThat(scene.state(change)).isEqualTo(ApplyState.PENDING);

        scene.drain();

        assertThat(scene.standing(STORE)).isEqualTo("one");
        assertThat(scene.state(change)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.receipts(change, STORE)).singleElement().satisfies(receipt -> {
            assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.APPLIED);
            assertThat(receipt.before()).isNull();
            assertThat(receipt.after()).isEqualTo(change.units().get(0).state().after());
            assertThat(receipt.backup()).isEqualTo("nothing");
            assertThat(receipt.steps())
                    .extracting(Receipt.Step::name)
                    .containsExactly("plan", "observe", "preflight", "backup", "stage", "activate", "health");
        });
    }

    @Test
    void units_are_brought_forward_in_start_order() {
        scene.startAfter.put(CHECKOUT, Set.of("order-database", "storefront"));
        scene.startAfter.put(STORE, Set.of("order-database", "not-in-this-change"));

        scene.merge("all", Map.of(STORE, "s", CHECKOUT, "c", DATABASE, "d"));
        scene.drain();

        assertThat(scene.driver.moves)
                .containsExactly("activate order-database", "activate storefront", "activate checkout");
    }

    @Test
    void a_circle_in_the_start_order_fails_before_anything_moves() {
        scene.startAfter.put(CHECKOUT, Set.of("storefront"));
        scene.startAfter.put(STORE, Set.of("checkout"));

        MergedChange change = scene.merge("circle", Map.of(STORE, "s", CHECKOUT, "c"));
        scene.drain();

        assertThat(scene.driver.moves).isEmpty();
        assertThat(scene.state(change)).isEqualTo(ApplyState.FAILED);
        assertThat(scene.receipts(change, CHECKOUT).get(0).reason()).startsWith("start-order-cycle: ");
    }

    @Test
    void a_unit_that_a_change_takes_away_is_removed() {
        scene.merge("good", Map.of(STORE, "one"));
        scene.drain();

        MergedChange removal = scene.merge("removal", Map.of(STORE, ""));
        scene.drain();
        MergedChange again = scene.merge("again", Map.of(STORE, "two"));
        scene.drain();

        assertThat(scene.state(removal)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.state(again)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.receipts(again, STORE).get(0).before()).isNull();
    }

    @Test
    void what_somebody_changed_at_the_target_is_not_overwritten() throws IOException {
        scene.merge("good", Map.of(STORE, "one"));
        scene.drain();
        Files.writeString(ApplyScene.current(root, STORE).resolve("app.txt"), "meddled");

        MergedChange change = scene.merge("next", Map.of(STORE, "two"));
        scene.drain();

        assertThat(scene.standing(STORE)).isEqualTo("meddled");
        assertThat(scene.state(change)).isEqualTo(ApplyState.FAILED);
        assertThat(scene.receipts(change, STORE)).singleElement().satisfies(receipt -> {
            assertThat(receipt.reason())
                    .startsWith("target-drifted: ")
                    .contains(String.valueOf(change.units().get(0).state().before()), "app.txt")
                    .doesNotContain("meddled");
        });
    }

    @Test
    void a_tree_that_gives_other_bytes_than_those_signed_is_not_applied() {
        MergedChange forged = scene.merge("forged", Map.of(STORE, "forged"));
        MergedChange unreadable = scene.merge("unreadable", Map.of(CHECKOUT, "unreadable"));

        scene.drain();

        assertThat(scene.receipts(forged, STORE).get(0).reason()).startsWith("content-mismatch: ");
        assertThat(scene.receipts(unreadable, CHECKOUT).get(0).reason()).startsWith("missing-payload: ");
        assertThat(scene.driver.moves).isEmpty();
    }

    @Test
    void a_change_whose_time_is_over_is_held() {
        MergedChange late = scene.merge("late", Map.of(STORE, "one"), ApplyScene.NOW.minusSeconds(1));
        MergedChange early = scene.merge("early", Map.of(CHECKOUT, "one"), ApplyScene.NOW.plusSeconds(1));

        scene.drain();

        assertThat(scene.state(late)).isEqualTo(ApplyState.HELD);
        assertThat(scene.receipts(late, STORE).get(0).reason()).startsWith("apply-by: ");
        assertThat(scene.state(early)).isEqualTo(ApplyState.APPLIED);
    }

    @Test
    void a_merge_that_a_freeze_holds_up_waits_for_its_end_and_later_ones_go_on() {
        MergedChange frozen = scene.merge("frozen", Map.of(STORE, "one", CHECKOUT, "c1"));
        MergedChange other = scene.merge("other", Map.of(STORE, "two"));
        scene.frozenUntil.put(frozen.change(), ApplyScene.NOW.plusSeconds(3600));

        scene.drain();
        assertThat(scene.state(frozen)).isEqualTo(ApplyState.PENDING);
        assertThat(scene.state(other)).isEqualTo(ApplyState.APPLIED);
        scene.now = ApplyScene.NOW.plusSeconds(3600);
        scene.drain();

        assertThat(scene.state(frozen)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.standing(STORE)).isEqualTo("two");
        assertThat(scene.standing(CHECKOUT)).isEqualTo("c1");
    }

    @Test
    void a_merge_whose_time_ends_in_a_freeze_is_held() {
        MergedChange frozen = scene.merge("frozen", Map.of(STORE, "one"), ApplyScene.NOW.plusSeconds(10));
        scene.frozenUntil.put(frozen.change(), ApplyScene.NOW.plusSeconds(3600));

        scene.drain();
        assertThat(scene.state(frozen)).isEqualTo(ApplyState.PENDING);
        scene.now = ApplyScene.NOW.plusSeconds(11);
        scene.drain();

        assertThat(scene.state(frozen)).isEqualTo(ApplyState.HELD);
        assertThat(scene.receipts(frozen, STORE).get(0).reason()).startsWith("apply-by: ");
    }

    @Test
    void a_freeze_does_not_stop_what_was_begun() {
        MergedChange begun = scene.merge("begun", Map.of(STORE, "one", CHECKOUT, "c1"));
        scene.drainAndDieAt("apply-after-receipt");
        scene.frozenUntil.put(begun.change(), ApplyScene.NOW.plusSeconds(3600));
        scene.restart();

        scene.drain();

        assertThat(scene.state(begun)).isEqualTo(ApplyState.APPLIED);
    }

    @Test
    void the_newest_merge_of_a_unit_wins_and_the_older_one_is_superseded() {
        MergedChange older = scene.merge("older", Map.of(STORE, "one", CHECKOUT, "c1"));
        MergedChange newer = scene.merge("newer", Map.of(STORE, "two"));
        MergedChange older2 = scene.merge("older2", Map.of(DATABASE, "d1"));
        scene.merge("newer2", Map.of(DATABASE, "d2"));

        scene.drain();

        assertThat(scene.driver.moves)
                .containsExactly("activate checkout", "activate storefront", "activate order-database");
        assertThat(scene.standing(STORE)).isEqualTo("two");
        assertThat(scene.state(older)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.applications.units(older.change()))
                .extracting(Progress.UnitProgress::state)
                .containsExactly(ApplyState.APPLIED, ApplyState.SUPERSEDED);
        assertThat(scene.state(newer)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.state(older2)).isEqualTo(ApplyState.SUPERSEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply-before-flip", "apply-after-flip", "apply-before-receipt", "apply-after-receipt"})
    void a_crash_at_any_point_is_completed_with_one_flip_and_one_receipt(String point) {
        scene.merge("good", Map.of(STORE, "one"));
        scene.drain();
        MergedChange change = scene.merge("next", Map.of(STORE, "two"));

        scene.drainAndDieAt(point);
        scene.drain();

        assertThat(scene.standing(STORE)).isEqualTo("two");
        assertThat(scene.driver.moves).containsExactly("activate storefront", "activate storefront");
        assertThat(scene.outcomes(change, STORE)).containsExactly("applied");
        assertThat(scene.receipts(change, STORE).get(0).before())
                .isEqualTo(change.units().get(0).state().before());
    }

    @Test
    void a_change_without_targets_is_applied_at_once() {
        MergedChange change = scene.merge("words-only", Map.of());

        assertThat(scene.state(change)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.applier.applyNext()).isFalse();
    }

    @Test
    void a_driver_that_is_not_here_fails_the_unit_by_name() {
        MergedChange change = scene.merge("first", Map.of(unit("elsewhere"), "one"));

        scene.drain();

        assertThat(scene.receipts(change, unit("elsewhere")).get(0).reason())
                .isEqualTo("unknown-driver: target web-test wants the driver ssh, here are [directory]");
    }

    @Test
    void what_stands_before_the_first_release_and_was_never_merged_is_drift() {
        InMemoryDriver memory = new InMemoryDriver();
        memory.interfere(location(STORE), List.of(new ReleaseFile("x", FileMode.REGULAR, "x".getBytes(UTF_8))));
        scene = new ApplyScene(memory);

        MergedChange change = scene.merge("first", Map.of(STORE, "one"));
        scene.drain();

        assertThat(scene.receipts(change, STORE).get(0).reason()).startsWith("target-drifted: ");
    }

    @Test
    void a_tainted_merge_is_held_and_says_why() {
        MergedChange change = scene.merge("stolen", Map.of(STORE, "one"));
        scene.tainted.put(change.change(), List.of("production counts the compromised key SHA256:x of carol"));

        scene.drain();

        assertThat(scene.driver.moves).isEmpty();
        assertThat(scene.state(change)).isEqualTo(ApplyState.HELD);
        assertThat(scene.reasons(change, STORE))
                .containsExactly("tainted-state: production counts the compromised key SHA256:x of carol");
    }

    @Test
    void a_merge_that_says_it_was_more_than_five_minutes_later_than_now_is_held() {
        scene.time = ApplyScene.NOW.plusSeconds(300);
        MergedChange close = scene.merge("close", Map.of(STORE, "one"));
        scene.time = ApplyScene.NOW.plusSeconds(301);
        MergedChange ahead = scene.merge("ahead", Map.of(CHECKOUT, "one"));

        scene.drain();

        assertThat(scene.state(close)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.state(ahead)).isEqualTo(ApplyState.HELD);
        assertThat(scene.reasons(ahead, CHECKOUT).get(0)).startsWith("merge-time: ");
    }
}
