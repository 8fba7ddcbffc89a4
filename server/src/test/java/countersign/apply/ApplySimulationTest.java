package countersign.apply;

import static countersign.apply.ApplyScene.location;
import static countersign.apply.ApplyScene.unit;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.codec.Sha256;
import countersign.log.Faults;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import countersign.target.DirectoryDriver;
import countersign.target.Driver;
import countersign.target.InMemoryDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Random merges, failures and crashes; what must hold whatever happens is checked after every start and at the end. */
final class ApplySimulationTest {
    private static final List<Unit> UNITS = List.of(unit("a"), unit("b"), unit("c"), unit("d"));
    private static final Set<List<String>> LAWFUL = Set.of(
            List.of("applied"),
            List.of("unchanged"),
            List.of("failed"),
            List.of("held"),
            List.of("superseded"),
            List.of("applied", "rolled-back"),
            List.of("failed", "rolled-back"));

    private final List<MergedChange> merged = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    @RepeatedTest(20)
    void random_merges_and_crashes_in_memory(RepetitionInfo repetition) {
        simulate(1_000 + repetition.getCurrentRepetition(), new InMemoryDriver(), 25);
    }

    @RepeatedTest(3)
    void random_merges_and_crashes_on_directories(RepetitionInfo repetition, @TempDir Path root) {
        simulate(2_000 + repetition.getCurrentRepetition(), new DirectoryDriver(root), 10);
    }

    private void simulate(long seed, Driver driver, int changes) {
        story.add("seed " + seed);
        Random random = new Random(seed);
        ApplyScene scene = new ApplyScene(driver);
        UNITS.forEach(unit ->
                scene.startAfter.put(unit, Set.of(UNITS.get(random.nextInt(2)).system())));
        scene.startAfter.put(UNITS.get(0), Set.of());

        try {
            while (merged.size() < changes) {
                int atOnce = 1 + random.nextInt(3);
                for (int i = 0; i < atOnce; i++) {
                    merge(random, scene);
                }
                goOn(random, scene);
            }
            end(scene);
        } catch (AssertionError broken) {
            throw new AssertionError(String.join("\n", story) + "\n" + broken.getMessage(), broken);
        }
    }

    private void end(ApplyScene scene) {
        scene.faults = Faults.NONE;
        scene.restart();
        scene.drain();
        check(scene);
        assertThat(scene.applications.due()).isZero();
        Map<String, ApplyState> states = states(scene);
        scene.restart();
        assertThat(states(scene)).isEqualTo(states);
        assertThat(states.values()).allMatch(ApplyState::settled);
    }

    private void merge(Random random, ApplyScene scene) {
        Map<Unit, String> texts = new TreeMap<>();
        for (Unit unit : UNITS) {
            int dice = random.nextInt(10);
            if (dice < 4) {
                texts.put(unit, "text " + random.nextInt(3));
            } else if (dice == 4) {
                texts.put(unit, "ill " + random.nextInt(2));
            } else if (dice == 5 && scene.wanted.containsKey(unit)) {
                texts.put(unit, "");
            }
        }
        MergedChange change = scene.merge("change-" + merged.size(), texts);
        merged.add(change);
        story.add("merged " + change.change() + " " + texts);
    }

    /** Applies until nothing is due, with a crash now and then. */
    private void goOn(Random random, ApplyScene scene) {
        scene.faults = point -> {
            if (random.nextInt(8) == 0) {
                throw new ApplyScene.Crash(point);
            }
        };
        for (boolean done = random.nextInt(4) == 0; !done; ) {
            try {
                scene.drain();
                done = true;
            } catch (ApplyScene.Crash crash) {
                story.add("crash at " + crash.getMessage());
                scene.restart();
                check(scene);
                done = random.nextInt(6) == 0;
            }
        }
    }

    private void check(ApplyScene scene) {
        for (MergedChange change : merged) {
            checkReceipts(scene, change);
            if (scene.state(change).settled()) {
                checkEverywhereOrNowhere(scene, change);
            }
        }
        if (scene.applications.due() == 0) {
            UNITS.forEach(unit -> checkStanding(scene, unit));
        }
        checkMoves(scene);
    }

    private void checkReceipts(ApplyScene scene, MergedChange change) {
        for (Manifest.UnitChange affected : change.units()) {
            List<String> outcomes = scene.outcomes(change, affected.unit());
            assertThat(outcomes.isEmpty() || LAWFUL.contains(outcomes))
                    .as(
                            "%s of %s of %s: %s",
                            outcomes, affected.unit(), change.change(), scene.reasons(change, affected.unit()))
                    .isTrue();
            assertThat(scene.receipts(change, affected.unit()))
                    .noneMatch(receipt ->
                            Objects.requireNonNullElse(receipt.reason(), "").startsWith("target-drifted"));
        }
    }

    private static void checkEverywhereOrNowhere(ApplyScene scene, MergedChange change) {
        Set<ApplyState> states = new java.util.HashSet<>();
        scene.applications.units(change.change()).forEach(unit -> {
            List<String> outcomes = scene.outcomes(change, unit.unit());
            if (!outcomes.equals(List.of("unchanged")) && unit.state() != ApplyState.SUPERSEDED) {
                states.add(unit.state() == ApplyState.APPLIED ? ApplyState.APPLIED : ApplyState.ROLLED_BACK);
            }
        });
        assertThat(states).as("everywhere or nowhere: %s", change.change()).hasSizeLessThanOrEqualTo(1);
    }

    /** What stands is what the last receipt says. */
    private void checkStanding(ApplyScene scene, Unit unit) {
        Sha256 recorded = null;
        for (SignedReceipt signed : scene.log.receipts()) {
            Receipt receipt = signed.receipt();
            if (receipt.about().unit().equals(unit) && receipt.outcome() != Receipt.Outcome.HELD) {
                recorded = receipt.after();
            }
        }
        assertThat(scene.driver.observe(location(unit)).digest()).as("%s", unit).isEqualTo(recorded);
    }

    /** Nothing moved more often than the receipts, and the runs that a later merge cut off, account for. */
    private void checkMoves(ApplyScene scene) {
        Map<String, Integer> moves = new HashMap<>();
        scene.driver.moves.forEach(move -> moves.merge(move, 1, Integer::sum));
        for (Unit unit : UNITS) {
            int forward = 0;
            int back = 0;
            int open = 0;
            for (MergedChange change : merged) {
                List<String> outcomes = scene.outcomes(change, unit);
                boolean undone = outcomes.contains("rolled-back");
                forward += outcomes.contains("applied") || undone ? 1 : 0;
                back += undone ? 1 : 0;
                open += change.find(unit).isPresent() && outcomes.size() < 2 ? 1 : 0;
            }
            assertThat(moves.getOrDefault("activate " + unit.system(), 0)).isBetween(forward - open, forward + open);
            assertThat(moves.getOrDefault("restore " + unit.system(), 0)).isBetween(back, back + open);
        }
    }

    private Map<String, ApplyState> states(ApplyScene scene) {
        Map<String, ApplyState> states = new TreeMap<>();
        merged.forEach(change -> states.put(change.change().toString(), scene.state(change)));
        return states;
    }
}
