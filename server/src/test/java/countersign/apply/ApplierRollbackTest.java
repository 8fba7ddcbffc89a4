package countersign.apply;

import static countersign.apply.ApplyScene.CHECKOUT;
import static countersign.apply.ApplyScene.DATABASE;
import static countersign.apply.ApplyScene.STORE;
import static countersign.apply.ApplyScene.location;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.MergedChange;
import countersign.codec.disk.SmallDisk;
import countersign.target.DirectoryDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an applier does when a unit, or somebody, spoils what was applied. */
final class ApplierRollbackTest {
    @TempDir
    private Path root;

    private ApplyScene scene;

    @BeforeEach
    void openScene() {
        scene = new ApplyScene(new DirectoryDriver(root));
    }

    @Test
    void a_failing_health_check_restores_the_bytes_exactly_and_the_manifest_is_never_retried() throws IOException {
        scene.merge("good", Map.of(STORE, "one"));
        scene.drain();
        Path good = ApplyScene.current(root, STORE);
        byte[] bytes = Files.readAllBytes(good.resolve("app.txt"));

        MergedChange change = scene.merge("bad", Map.of(STORE, "ill"));
        scene.drain();
        scene.restart();
        scene.drain();

        assertThat(ApplyScene.current(root, STORE)).isEqualTo(good);
        assertThat(Files.readAllBytes(good.resolve("app.txt"))).isEqualTo(bytes);
        assertThat(Files.isExecutable(good.resolve("bin/run"))).isTrue();
        assertThat(scene.state(change)).isEqualTo(ApplyState.ROLLED_BACK);
        assertThat(scene.outcomes(change, STORE)).containsExactly("failed", "rolled-back");
        assertThat(scene.receipts(change, STORE).get(0).reason())
                .isEqualTo("health-failed: sound: app.txt lacks the expected text");
        assertThat(scene.driver.moves)
                .containsExactly("activate storefront", "activate storefront", "restore storefront");
    }

    @Test
    void a_unit_reports_the_merge_that_stands_there() {
        scene.merge("good", Map.of(STORE, "one", CHECKOUT, "one"));
        scene.drain();
        scene.startAfter.put(CHECKOUT, Set.of("storefront"));

        MergedChange bad = scene.merge("bad", Map.of(STORE, "two", CHECKOUT, "ill"));
        scene.drain();
        scene.restart();

        assertThat(scene.outcomes(bad, CHECKOUT)).containsExactly("failed", "rolled-back");
        assertThat(scene.applications.standingMerge(STORE)).contains(ApplyScene.commit("good"));
        assertThat(scene.applications.standingMerge(CHECKOUT)).contains(ApplyScene.commit("good"));
        assertThat(scene.applications.standingMerge(DATABASE)).isEmpty();
    }

    @Test
    void a_full_folder_of_a_target_brings_back_everything_with_a_named_reason() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(root.resolve("disk"), 4)) {
            scene = new ApplyScene(new DirectoryDriver(disk.path()));
            scene.merge("good", Map.of(STORE, "one", CHECKOUT, "one"));
            scene.drain();
            scene.startAfter.put(CHECKOUT, Set.of("storefront"));
            Path good = ApplyScene.current(disk.path(), STORE);
            disk.fill(256 << 10);

            MergedChange change = scene.merge("large", Map.of(STORE, "two", CHECKOUT, "x".repeat(1 << 20)));
            scene.drain();

            assertThat(scene.outcomes(change, STORE)).containsExactly("applied", "rolled-back");
            assertThat(scene.outcomes(change, CHECKOUT)).containsExactly("failed");
            assertThat(scene.receipts(change, CHECKOUT).get(0).reason()).startsWith("disk-full: ");
            assertThat(ApplyScene.current(disk.path(), STORE)).isEqualTo(good);
            try (Stream<Path> all = Files.walk(disk.path())) {
                assertThat(all).noneMatch(path -> path.getFileName().toString().startsWith(".staging-"));
            }
            disk.free();
            MergedChange again = scene.merge("again", Map.of(STORE, "two", CHECKOUT, "two"));
            scene.drain();
            assertThat(scene.state(again)).isEqualTo(ApplyState.APPLIED);
        }
    }

    @Test
    void a_first_release_that_is_not_healthy_leaves_nothing() {
        MergedChange change = scene.merge("bad", Map.of(STORE, "ill"));

        scene.drain();

        assertThat(scene.standing(STORE)).isEmpty();
        assertThat(scene.driver.observe(location(STORE)).nothing()).isTrue();
        assertThat(scene.state(change)).isEqualTo(ApplyState.ROLLED_BACK);
    }

    @Test
    void one_failing_unit_brings_back_what_its_change_did_and_holds_the_rest() {
        scene.merge("good", Map.of(STORE, "s1", CHECKOUT, "c1", DATABASE, "d1"));
        scene.drain();
        scene.driver.moves.clear();
        scene.startAfter.put(STORE, Set.of("checkout"));
        scene.startAfter.put(CHECKOUT, Set.of("order-database"));

        MergedChange change = scene.merge("bad", Map.of(DATABASE, "d2", CHECKOUT, "c-ill", STORE, "s2"));
        scene.drain();

        assertThat(scene.driver.moves)
                .containsExactly(
                        "activate order-database", "activate checkout", "restore checkout", "restore order-database");
        assertThat(scene.outcomes(change, DATABASE)).containsExactly("applied", "rolled-back");
        assertThat(scene.outcomes(change, CHECKOUT)).containsExactly("failed", "rolled-back");
        assertThat(scene.outcomes(change, STORE)).containsExactly("held");
        assertThat(List.of(scene.standing(DATABASE), scene.standing(CHECKOUT), scene.standing(STORE)))
                .containsExactly("d1", "c1", "s1");
        assertThat(scene.state(change)).isEqualTo(ApplyState.ROLLED_BACK);
    }

    @Test
    void a_later_change_goes_on_from_what_was_rolled_back() {
        scene.merge("good", Map.of(STORE, "one"));
        scene.merge("bad", Map.of(CHECKOUT, "ill"));
        scene.drain();

        MergedChange change = scene.merge("better", Map.of(CHECKOUT, "well", STORE, "two"));
        scene.drain();

        assertThat(scene.state(change)).isEqualTo(ApplyState.APPLIED);
        assertThat(scene.standing(CHECKOUT)).isEqualTo("well");
    }

    @Test
    void a_rollback_of_a_change_that_rolled_itself_back_moves_nothing() {
        scene.merge("good", Map.of(STORE, "one"));
        scene.drain();
        scene.merge("bad", Map.of(STORE, "ill"));
        scene.drain();
        int moves = scene.driver.moves.size();

        MergedChange rollback = scene.merge("back", Map.of(STORE, "one"));
        scene.drain();

        assertThat(scene.outcomes(rollback, STORE)).containsExactly("unchanged");
        assertThat(scene.driver.moves).hasSize(moves);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apply-before-flip",
                "apply-after-flip",
                "apply-before-receipt",
                "apply-after-receipt",
                "restore-before-flip",
                "restore-after-flip"
            })
    void a_crash_at_any_point_of_a_failing_change_still_brings_it_back_once(String point) {
        scene.merge("good", Map.of(STORE, "s1", CHECKOUT, "c1"));
        scene.drain();
        scene.driver.moves.clear();
        MergedChange change = scene.merge("bad", Map.of(CHECKOUT, "c2", STORE, "s-ill"));

        scene.drainAndDieAt(point);
        scene.drain();

        assertThat(scene.standing(STORE)).isEqualTo("s1");
        assertThat(scene.standing(CHECKOUT)).isEqualTo("c1");
        assertThat(scene.driver.moves)
                .containsExactly("activate checkout", "activate storefront", "restore storefront", "restore checkout");
        assertThat(scene.outcomes(change, CHECKOUT)).containsExactly("applied", "rolled-back");
        assertThat(scene.outcomes(change, STORE)).containsExactly("failed", "rolled-back");
    }

    @Test
    void a_backup_that_was_damaged_meanwhile_is_not_restored() {
        scene.merge("good", Map.of(STORE, "one"));
        scene.drain();
        Path backup = ApplyScene.current(root, STORE);
        MergedChange change = scene.merge("bad", Map.of(STORE, "ill"));
        scene.faults = point -> {
            if (point.equals("restore-before-flip")) {
                write(backup.resolve("app.txt"), "meddled");
            }
        };

        scene.drain();

        assertThat(scene.state(change)).isEqualTo(ApplyState.FAILED);
        assertThat(scene.standing(STORE)).isEqualTo("ill");
        assertThat(scene.receipts(change, STORE).get(1).reason()).startsWith("backup-damaged: ");
        assertThat(scene.applier.applyNext()).isFalse();
    }

    @Test
    void the_state_that_only_a_tainted_merge_gave_a_unit_is_not_restored() {
        MergedChange stolen = scene.merge("stolen", Map.of(STORE, "one"));
        scene.drain();
        scene.tainted.put(stolen.change(), List.of("production"));
        MergedChange ill = scene.merge("ill", Map.of(STORE, "ill"));

        scene.drain();

        assertThat(scene.outcomes(ill, STORE)).containsExactly("failed", "failed");
        assertThat(scene.reasons(ill, STORE).get(1)).startsWith("tainted-state: ");
        assertThat(scene.driver.moves).doesNotContain("restore storefront");
    }

    @Test
    void a_state_that_an_untainted_merge_gave_too_is_restored() {
        MergedChange good = scene.merge("good", Map.of(STORE, "one"));
        MergedChange other = scene.merge("other", Map.of(STORE, "two"));
        MergedChange stolen = scene.merge("stolen", Map.of(STORE, "one"));
        scene.drain();
        scene.tainted.put(stolen.change(), List.of("production"));
        MergedChange ill = scene.merge("ill", Map.of(STORE, "ill"));

        scene.drain();

        assertThat(scene.state(good)).isEqualTo(ApplyState.SUPERSEDED);
        assertThat(scene.state(other)).isEqualTo(ApplyState.SUPERSEDED);
        assertThat(scene.outcomes(ill, STORE)).containsExactly("failed", "rolled-back");
        assertThat(scene.standing(STORE)).isEqualTo("one");
    }

    private static void write(Path path, String text) {
        try {
            Files.writeString(path, text);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
