package countersign.apply.fact;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.VersionNumber;
import countersign.document.reference.PackageFit;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.manifest.UnitContent;
import countersign.merge.Preview;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.target.Driver;
import countersign.target.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Holds what documents say of targets against what targets report: the version that was installed there last, by their
 * receipts, and the room that they have. A target that reports nothing is believed to be as the documents say. What takes
 * something back brings what stood there before, and is not asked. Thread-safe.
 */
public final class TargetFacts {
    private static final long MEBIBYTE = 1 << 20;

    private final Repository repository;
    private final DocumentReader documents;
    private final SystemUnits systems;
    private final Function<Unit, Optional<String>> standing;
    private final Map<String, Driver> drivers;

    /**
     * @param standing the commit of the merge that stands at a unit by its last receipt
     * @param drivers by name
     */
    public TargetFacts(
            Repository repository,
            DocumentReader documents,
            Function<Unit, Optional<String>> standing,
            Map<String, Driver> drivers) {
        this.repository = repository;
        this.documents = documents;
        this.systems = new SystemUnits(documents);
        this.standing = standing;
        this.drivers = Map.copyOf(drivers);
    }

    /** What speaks against bringing an open change to its targets as they are now. */
    public List<Finding> against(Preview preview) {
        Manifest manifest = preview.requireManifest();
        if (manifest.operation() != Operation.APPLY) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        for (Manifest.UnitChange affected : manifest.units()) {
            Unit unit = affected.unit();
            find(manifest, preview.after(), unit).ifPresent(system -> {
                if (!system.spec().textList("packages").isEmpty()
                        && bringsPackage(system, find(manifest, preview.before(), unit))) {
                    findings.addAll(installed(preview.after(), system, unit));
                }
                findings.addAll(room(preview.after(), system, unit));
            });
        }
        return List.copyOf(findings);
    }

    /** The document of a unit's system, first looked for where the change touches something. */
    private Optional<Document> find(Manifest manifest, Snapshot side, Unit unit) {
        return manifest.files().stream()
                .map(Manifest.FileChange::path)
                .filter(path -> path.startsWith("systems/"))
                .map(path -> path.split("/", -1)[1])
                .distinct()
                .flatMap(family -> systems.ofFamily(side, family).stream())
                .filter(system -> system.name().equals(unit.system()))
                .findFirst()
                .or(() -> systems.document(side, unit.system()));
    }

    private static boolean bringsPackage(Document system, Optional<Document> before) {
        List<String> packages = new ArrayList<>(system.spec().textList("packages"));
        before.ifPresent(old -> packages.removeAll(old.spec().textList("packages")));
        return !packages.isEmpty();
    }

    /**
     * Findings {@code installed-version-differs}, and those of {@link PackageFit} with the version that the unit reports, or
     * else the one that the document says.
     */
    public List<Finding> installed(Snapshot after, Document system, Unit unit) {
        Optional<String> reported = reported(system, unit);
        List<Finding> findings = new ArrayList<>(PackageFit.check(
                system,
                documents.references().named(after),
                reported.orElse(system.spec().textOrNull("version"))));
        String said = system.spec().textOrNull("version");
        if (said != null
                && reported.isPresent()
                && !expected(after, system, reported.get()).anyMatch(said::equals)) {
            findings.add(Finding.error(
                            "installed-version-differs",
                            "spec/version says " + said + ", the target " + unit.target() + " reports " + reported.get()
                                    + " by its last receipt of " + unit.system(),
                            system.tree().placeOf("/spec/version"))
                    .withWayOut("write the version that is installed, or first bring the target to the one you mean"));
        }
        return findings;
    }

    /** What a document may say: what is installed, or what its own packages bring. */
    private Stream<String> expected(Snapshot after, Document system, String reported) {
        return Stream.concat(Stream.of(reported), versions(after, system));
    }

    /** The version of the system's product that its unit has by the last receipt; empty if none says so. */
    public Optional<String> reported(Document system, Unit unit) {
        Optional<Snapshot> tree = standing.apply(unit).map(repository::snapshot);
        Optional<Document> there = tree.flatMap(snapshot -> systems.document(snapshot, unit.system()))
                .filter(old -> product(old).equals(product(system)));
        return there.flatMap(old -> versions(tree.orElseThrow(), old)
                .max(TargetFacts::compare)
                .or(() -> Optional.ofNullable(old.spec().textOrNull("version"))));
    }

    private static Optional<String> product(Document system) {
        return Optional.ofNullable(system.spec().textOrNull("product"));
    }

    /** The versions of the system's product that its packages bring. */
    private Stream<String> versions(Snapshot tree, Document system) {
        return system.spec().textList("packages").stream()
                .flatMap(name -> documents.find(tree, Kind.UPGRADE_PACKAGE.folder() + "/" + name + ".yaml").stream())
                .filter(found -> product(system).equals(Optional.of(found.spec().text("product"))))
                .map(found -> found.spec().text("version"));
    }

    /** Versions that can't be compared come first. */
    private static int compare(String one, String other) {
        Optional<VersionNumber> left = version(one);
        Optional<VersionNumber> right = version(other);
        return left.isPresent() && right.isPresent()
                ? left.get().compareTo(right.get())
                : Boolean.compare(left.isPresent(), right.isPresent());
    }

    private static Optional<VersionNumber> version(String text) {
        try {
            return Optional.of(VersionNumber.parse(text));
        } catch (Refusal notComparable) {
            return Optional.empty();
        }
    }

    /** A finding {@code capacity-short} for each need beyond what the standing release has already that the target can't meet. */
    public List<Finding> room(Snapshot after, Document system, Unit unit) {
        if (!system.spec().has("capacity")) {
            return List.of();
        }
        Optional<Document> old =
                standing.apply(unit).flatMap(commit -> systems.document(repository.snapshot(commit), unit.system()));
        List<Finding> findings = new ArrayList<>();
        Need disk = Need.of("diskMebibytes", system, old);
        Need files = Need.of("diskFiles", system, old);
        if (disk.amount() > 0 || files.amount() > 0) {
            space(after, unit).ifPresent(space -> {
                disk.check(space.bytes() / MEBIBYTE, unit, "MiB of disk").ifPresent(findings::add);
                if (space.files() != null) {
                    files.check(space.files(), unit, "files").ifPresent(findings::add);
                }
            });
        }
        return findings;
    }

    private Optional<Space> space(Snapshot after, Unit unit) {
        Optional<UnitContent> content = systems.find(after, unit);
        return content.map(UnitPlace::of)
                .flatMap(place -> Optional.ofNullable(drivers.get(place.driver()))
                        .flatMap(driver -> driver.space(place.location())));
    }
}
