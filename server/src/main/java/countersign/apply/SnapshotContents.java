package countersign.apply;

import countersign.apply.fact.TargetFacts;
import countersign.apply.fact.UnitPlace;
import countersign.apply.record.MergedChange;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.gate.RollbackRules;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.manifest.UnitContent;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.target.HealthCheck;
import countersign.target.Release;
import countersign.target.ReleaseFile;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads what merges want from the repository, and refuses a plan that is not the signed one. Thread-safe. */
public final class SnapshotContents implements UnitContents {
    private final Repository repository;
    private final DocumentReader documents;
    private final SystemUnits systems;
    private final TargetFacts facts;

    public SnapshotContents(Repository repository, DocumentReader documents, TargetFacts facts) {
        this.repository = repository;
        this.documents = documents;
        this.facts = facts;
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
        UnitPlace place = UnitPlace.of(content);
        boolean moved = before.map(old -> !UnitPlace.of(old).equals(place)).orElse(false);
        return new UnitPlan(
                place.location(),
                place.driver(),
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

    @Override
    public void requireInstallable(MergedChange change, Unit unit, LocalDate today) {
        Map<String, Object> before = packages(find(change.before(), unit));
        Map<String, Object> brought = packages(find(change.after(), unit));
        brought.entrySet().removeIf(one -> one.getValue().equals(before.get(one.getKey())));
        if (brought.isEmpty()) {
            return;
        }
        Snapshot main = repository.snapshot(repository.findRef(Repository.MAIN).orElse(change.after()));
        brought.keySet().forEach(name -> requireOffered(main, name, today));
        Snapshot after = repository.snapshot(change.after());
        if (isForward(change, after)) {
            systems.document(after, unit.system())
                    .ifPresent(system -> Refusal.ifAnyBlocks(facts.installed(after, system, unit)));
        }
    }

    @Override
    public void requireRoom(MergedChange change, Unit unit) {
        Snapshot after = repository.snapshot(change.after());
        if (isForward(change, after)) {
            systems.document(after, unit.system())
                    .ifPresent(system -> Refusal.ifAnyBlocks(facts.room(after, system, unit)));
        }
    }

    /** What takes something back brings what stood there before. */
    private static boolean isForward(MergedChange change, Snapshot after) {
        return RollbackRules.merged(after, change.change())
                .map(manifest -> manifest.operation() == Operation.APPLY)
                .orElse(true);
    }

    private void requireOffered(Snapshot main, String name, LocalDate today) {
        Fields spec = documents
                .find(main, Kind.UPGRADE_PACKAGE.folder() + "/" + name + ".yaml")
                .map(Document::spec)
                .orElse(null);
        Fields withdrawn = spec == null ? null : spec.objectOrNull("withdrawn");
        if (withdrawn != null) {
            throw new Refusal(
                    "package-withdrawn",
                    "the package " + name + " was withdrawn on " + withdrawn.text("at") + ": "
                            + withdrawn.text("reason"),
                    "bring another by a new change");
        }
        String expires = spec == null ? null : spec.textOrNull("expires");
        if (expires != null && today.isAfter(LocalDate.parse(expires))) {
            throw new Refusal(
                    "package-expired",
                    "the package " + name + " is not to be installed after " + expires + ", today is " + today,
                    "bring another by a new change");
        }
    }

    /** Digests of the documents of a unit's packages, by name. */
    private static Map<String, Object> packages(Optional<UnitContent> content) {
        Map<String, Object> packages = new TreeMap<>();
        if (content.isPresent() && content.get().plan().get("packages") instanceof Map<?, ?> digests) {
            digests.forEach((name, digest) -> packages.put((String) name, digest));
        }
        return packages;
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
}
