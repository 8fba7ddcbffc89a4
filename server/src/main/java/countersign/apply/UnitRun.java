package countersign.apply;

import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import countersign.target.Driver;
import countersign.target.HealthCheck;
import countersign.target.Release;
import countersign.target.ReleaseFile;
import countersign.target.TargetState;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One unit of one merge brought forward or back, once, with its receipt. What stands is looked at first, so that a run
 * that a crash ended is completed and nothing is done twice.
 */
final class UnitRun {
    private final Applier.Wiring wiring;
    private final MergedChange change;
    private final Manifest.UnitChange affected;
    private final Unit unit;
    private final Steps steps;

    private String driverName = "unknown";
    private @Nullable Sha256 before;
    private @Nullable Sha256 after;
    private @Nullable String backup;

    UnitRun(Applier.Wiring wiring, MergedChange change, Unit unit) {
        this.wiring = wiring;
        this.change = change;
        this.unit = unit;
        this.affected = change.find(unit).orElseThrow();
        this.steps = new Steps(wiring.clock());
    }

    /** Observe, preflight, backup, stage, activate, health. */
    Receipt forward() {
        try {
            return receipt(Receipt.Operation.APPLY, bringForward(), null);
        } catch (Refusal | UncheckedIOException failed) {
            return receipt(Receipt.Operation.APPLY, Receipt.Outcome.FAILED, Steps.reasonOf(failed));
        }
    }

    /** Observe, restore, compare with what stood before. */
    Receipt back(@Nullable Sha256 expected) {
        try {
            bringBack(expected);
            return receipt(
                    Receipt.Operation.RESTORE, Receipt.Outcome.ROLLED_BACK, "a unit of " + change.change() + " failed");
        } catch (Refusal | UncheckedIOException failed) {
            return receipt(Receipt.Operation.RESTORE, Receipt.Outcome.FAILED, Steps.reasonOf(failed));
        }
    }

    /** Nothing is done; the receipt says why. */
    Receipt held(String reason) {
        return receipt(Receipt.Operation.APPLY, Receipt.Outcome.HELD, Steps.cut(reason));
    }

    /** Nothing was done because it could not be; the receipt says why. */
    Receipt impossible(String reason) {
        return receipt(Receipt.Operation.APPLY, Receipt.Outcome.FAILED, Steps.cut(reason));
    }

    private Receipt.Outcome bringForward() {
        UnitPlan plan = plan();
        Driver driver = driver(plan);
        TargetState standing = observe(driver, plan);
        if (superseded(standing)) {
            return Receipt.Outcome.SUPERSEDED;
        }
        Release release =
                steps.take("preflight", () -> preflight(plan, standing), ready -> "the files are those signed");
        boolean stood = standing.same(release.after());
        boolean recorded = wiring.applications().recorded(unit, Optional.ofNullable(standing.digest()));
        if (stood) {
            before = recorded
                    ? standing.digest()
                    : wiring.applications().lastRecorded(unit).orElse(null);
        } else {
            exchange(driver, release);
        }
        steps.take("health", () -> examine(plan, driver), results -> results);
        return stood && recorded ? Receipt.Outcome.UNCHANGED : Receipt.Outcome.APPLIED;
    }

    /** A later merge is due, and this one was not begun: else it is completed, so that what stands is on record. */
    private boolean superseded(TargetState standing) {
        boolean begun = Objects.equals(standing.digest(), affected.state().after())
                && !wiring.applications().recorded(unit, Optional.ofNullable(standing.digest()));
        return !begun && wiring.applications().superseded(unit, change.seq());
    }

    private void exchange(Driver driver, Release release) {
        backup = steps.take("backup", () -> driver.backup(release), kept -> kept.name() + " at " + kept.state())
                .name();
        steps.take("stage", () -> stage(driver, release), staged -> staged);
        wiring.faults().reach("apply-before-flip");
        try {
            steps.take("activate", () -> driver.activate(release), Enum::name);
        } finally {
            after = digestStanding(driver, release);
        }
        wiring.faults().reach("apply-after-flip");
    }

    private void bringBack(@Nullable Sha256 expected) {
        UnitPlan plan = plan();
        Driver driver = driver(plan);
        TargetState standing = observe(driver, plan);
        TargetState undone = release(plan, standing).after();
        if (!standing.same(undone) && wiring.applications().known(unit, Optional.ofNullable(standing.digest()))) {
            before = undone.digest();
            return;
        }
        requireClean(expected);
        wiring.faults().reach("restore-before-flip");
        TargetState restored =
                steps.take("restore", () -> driver.restore(plan.location(), undone), state -> state + " stands again");
        after = restored.digest();
        wiring.faults().reach("restore-after-flip");
        if (expected != null && !expected.equals(after)) {
            throw new Refusal("restore-differs", "before stood " + expected + ", now stands " + restored);
        }
    }

    private void requireClean(@Nullable Sha256 expected) {
        wiring.taint().find(wiring.log(), unit, expected).ifPresent(giver -> {
            throw new Refusal(
                    "tainted-state",
                    unit + " would be restored to what " + giver.change() + " made of it: "
                            + String.join("; ", wiring.taint().of(giver)),
                    "bring it to a state that others signed, by a new change");
        });
    }

    private UnitPlan plan() {
        UnitPlan plan = steps.take(
                "plan", () -> wiring.contents().plan(change, unit), found -> found.driver() + " " + found.location());
        driverName = plan.driver();
        return plan;
    }

    private Driver driver(UnitPlan plan) {
        Driver driver = wiring.drivers().get(plan.driver());
        if (driver == null) {
            throw new Refusal(
                    "unknown-driver",
                    "target " + unit.target() + " wants the driver " + plan.driver() + ", here are "
                            + wiring.drivers().keySet());
        }
        return driver;
    }

    private TargetState observe(Driver driver, UnitPlan plan) {
        TargetState standing = steps.take("observe", () -> driver.observe(plan.location()), state -> state + " stands");
        before = standing.digest();
        after = standing.digest();
        return standing;
    }

    private Release preflight(UnitPlan plan, TargetState standing) {
        LocalDate today = LocalDate.ofInstant(wiring.clock().instant(), ZoneOffset.UTC);
        wiring.contents().requireInstallable(change, unit, today);
        Release release = release(plan, standing);
        if (!Objects.equals(release.after().digest(), affected.state().after())) {
            throw new Refusal(
                    "content-mismatch",
                    "the manifest says " + affected.state().after() + " for " + unit + ", the tree gives "
                            + release.after());
        }
        Optional<Sha256> found = Optional.ofNullable(standing.digest());
        boolean start = plan.moved() && standing.nothing();
        if (!standing.same(release.after()) && !start && !wiring.applications().known(unit, found)) {
            throw new Refusal(
                    "target-drifted",
                    unit + " should stand at "
                            + (affected.state().before() == null
                                    ? "nothing"
                                    : affected.state().before())
                            + ", or at another state of its last merges, and stands at " + standing
                            + "; against what is to stand differ: "
                            + String.join(", ", standing.differingPaths(release.after())));
        }
        if (affected.state().after() != null && !standing.same(release.after())) {
            wiring.contents().requireRoom(change, unit);
        }
        return release;
    }

    private Release release(UnitPlan plan, TargetState standing) {
        return wiring.contents()
                .files(change, unit)
                .map(files -> Release.of(plan.location(), standing, files))
                .orElseGet(() -> Release.removal(plan.location(), standing))
                .withBackups(plan.backups());
    }

    private static String stage(Driver driver, Release release) {
        driver.stage(release);
        long bytes = release.files().stream()
                .map(ReleaseFile::bytes)
                .mapToLong(content -> content.length)
                .sum();
        return release.files().size() + " files, " + bytes + " bytes";
    }

    private String examine(UnitPlan plan, Driver driver) {
        if (affected.state().after() == null) {
            return "nothing stands, nothing to examine";
        }
        List<HealthCheck.Result> results = wiring.health().run(plan.health(), driver, plan.location());
        List<HealthCheck.Result> failed =
                results.stream().filter(result -> !result.passed()).toList();
        if (!failed.isEmpty()) {
            throw new Refusal("health-failed", describe(failed));
        }
        return results.isEmpty() ? "no checks" : describe(results);
    }

    private static String describe(List<HealthCheck.Result> results) {
        return results.stream()
                .map(result -> result.name() + ": " + result.detail())
                .collect(Collectors.joining("; "));
    }

    private static @Nullable Sha256 digestStanding(Driver driver, Release release) {
        return driver.observe(release.location()).digest();
    }

    private Receipt receipt(Receipt.Operation operation, Receipt.Outcome outcome, @Nullable String reason) {
        Applier.Identity identity = wiring.identity();
        Receipt.About about = new Receipt.About(
                identity.repository(),
                identity.log(),
                change.change(),
                change.manifest(),
                change.after(),
                unit,
                driverName,
                identity.name());
        return new Receipt(
                about,
                operation,
                before,
                after,
                outcome,
                reason,
                steps.taken(),
                backup,
                steps.startedAt(),
                steps.now());
    }
}
