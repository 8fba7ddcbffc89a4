package countersign.apply;

import countersign.apply.record.MergedChange;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.Manifest;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.manifest.UnitContent;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.target.HealthCheck;
import countersign.target.Location;
import countersign.target.Release;
import countersign.target.ReleaseFile;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads what merges want from the repository, and refuses a plan that is not the signed one. Thread-safe. */
public final class SnapshotContents implements UnitContents {
    private final Repository repository;
    private final SystemUnits systems;

    public SnapshotContents(Repository repository, DocumentReader documents) {
        this.repository = repository;
        this.systems = new SystemUnits(documents);
    }

    @Override
    public UnitPlan plan(MergedChange change, Unit unit) {
        Manifest.UnitChange affected = change.find(unit).orElseThrow();
        Optional<UnitContent> before = find(change.before(), unit);
        Optional<UnitContent> after = find(change.after(), unit);
        requireSigned(affected, after);
        UnitContent content = after.or(() -> before)
                .orElseThrow(() -> new Refusal("content-mismatch", "neither tree of the merge has the unit " + unit));
        Fields plan = Fields.of("the plan of " + unit, content.plan());
        Set<String> startAfter = new HashSet<>(plan.textList("startAfter"));
        startAfter.addAll(plan.textList("dependsOn"));
        Fields target = plan.object("target");
        Location location = location(unit, target);
        boolean moved = before.map(old -> !address(unit, old).equals(address(unit, content)))
                .orElse(false);
        return new UnitPlan(
                location,
                target.text("driver"),
                moved,
                startAfter,
                HealthCheck.Suite.read(plan),
                target.integerOr("keepReleases", Release.BACKUPS));
    }

    @Override
    public Optional<List<ReleaseFile>> files(MergedChange change, Unit unit) {
        Snapshot snapshot = repository.snapshot(change.after());
        return systems.find(snapshot, unit)
                .map(content -> content.files().stream()
                        .map(file -> new ReleaseFile(file.path(), file.mode(), file.bytes(snapshot)))
                        .toList());
    }

    private Optional<UnitContent> find(String commit, Unit unit) {
        return systems.find(repository.snapshot(commit), unit);
    }

    private static void requireSigned(Manifest.UnitChange affected, Optional<UnitContent> after) {
        Sha256 found = after.map(UnitContent::planDigest).orElse(null);
        if (!Objects.equals(found, affected.plan().after())) {
            throw new Refusal(
                    "content-mismatch",
                    "the manifest says plan " + affected.plan().after() + " for " + affected.unit()
                            + ", the tree gives " + found);
        }
    }

    private static String address(Unit unit, UnitContent content) {
        Fields target = Fields.of("the plan of " + unit, content.plan()).object("target");
        return target.text("driver") + " " + location(unit, target).address();
    }

    private static Location location(Unit unit, Fields target) {
        String driver = target.text("driver");
        Fields settings = target.objectOrNull(driver);
        if (settings == null) {
            throw new Refusal("unknown-driver", "target " + unit.target() + " has no settings of the driver " + driver);
        }
        return new Location(unit.target(), settings.text("path"), unit.system());
    }
}
