package countersign.gate;

import countersign.access.PathFacets;
import countersign.access.Trust;
import countersign.codec.Refusal;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.gate.vote.Decision;
import countersign.manifest.ChangeId;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.manifest.UnitContent;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** When a merge is a rollback of an earlier one, and when one signature suffices for it (PROTOCOL §8). Thread-safe. */
public final class RollbackRules {
    private static final String RULE = "rollback-grant";

    private static final String TARGET = "target";

    private final DocumentReader documents;
    private final SystemUnits systems;

    public RollbackRules(DocumentReader documents) {
        this.documents = documents;
        this.systems = new SystemUnits(documents);
    }

    /** Refuses what is called a rollback and does not restore exactly what the earlier change replaced. */
    public void check(Scene scene) {
        ChangeId of = scene.manifest().of();
        if (of == null) {
            throw new Refusal("rollback-of-nothing", "a rollback names the change that it takes back in spec/of");
        }
        Manifest earlier = merged(scene.before(), of)
                .orElseThrow(() -> new Refusal("rollback-of-unmerged", "the change " + of + " was never merged"));
        requireNoRecovery(earlier);
        requireName(scene, of);
        requireUnused(scene.before(), of);
        requireContent(earlier);
        requireNotTrampling(scene.before(), earlier);
        requireExact(scene.manifest(), earlier);
    }

    /**
     * The paths and units that keep a change from being rolled back as it was: they no longer are what it made of them.
     */
    public List<String> trampled(Snapshot now, Manifest earlier) {
        List<String> moved = new ArrayList<>();
        for (Manifest.FileChange file : content(earlier)) {
            FileState actual = state(now, file.path());
            if (!Objects.equals(actual, file.after())) {
                moved.add(file.path());
            }
        }
        for (Manifest.UnitChange change : earlier.units()) {
            Optional<UnitContent> unit = systems.find(now, change.unit());
            Manifest.DigestPair expected = new Manifest.DigestPair(
                    change.state().after(), change.plan().after());
            Manifest.DigestPair actual = new Manifest.DigestPair(
                    unit.map(UnitContent::stateDigest).orElse(null),
                    unit.map(UnitContent::planDigest).orElse(null));
            if (!expected.equals(actual)) {
                moved.add("unit " + change.unit());
            }
        }
        return moved;
    }

    /** The manifest of a merged change, as its folder in a tree has it. */
    public static Optional<Manifest> merged(Snapshot tree, ChangeId change) {
        return merged(tree, change.folder());
    }

    private static Optional<Manifest> merged(Snapshot tree, String folder) {
        String path = folder + "/manifest.json";
        return tree.find(path).map(found -> Manifest.parse(tree.read(path, Manifest.MAX_BYTES)));
    }

    /** What a rollback of a change must restore: its paths outside trust folders and outside {@code changes/}. */
    public static List<Manifest.FileChange> content(Manifest earlier) {
        return earlier.files().stream()
                .filter(file -> !file.path().startsWith("changes/") && !PathRules.isTrustPath(file.path()))
                .toList();
    }

    /**
     * The one requirement of a rollback that was granted in advance, met by one signature or by the target's own receipt
     * that the change failed there; empty if no grant covers it. One signature can't make
     * new grants, so a rollback that itself permits a rollback needs what any change needs.
     */
    Optional<Requirement> granted(Scene scene, Trust trust, CountedVotes votes, List<PathFacets> paths) {
        ChangeId of = Objects.requireNonNull(scene.manifest().of());
        Manifest earlier = merged(scene.before(), of).orElseThrow();
        Manifest.RollbackGrant grant = earlier.rollback();
        if (grant == null || scene.manifest().rollback() != null) {
            return Optional.empty();
        }
        Instant until = mergedAt(scene.before(), of).plus(grant.period());
        if (!scene.time().isBefore(until)) {
            return Optional.empty();
        }
        List<PathFacets> restored = paths.stream()
                .filter(path -> !path.path().startsWith("changes/"))
                .toList();
        return votes.others(Decision.ROLLBACK).stream()
                .filter(vote -> grant.roles().contains(vote.statement().role()))
                .flatMap(vote -> votes.evidence(vote, restored).stream())
                .findFirst()
                .or(() -> failure(scene, trust, earlier))
                .map(evidence -> new Requirement(
                        RULE,
                        of.folder() + "/manifest.json",
                        evidence.role(),
                        1,
                        Requirement.State.SATISFIED,
                        "",
                        List.of(evidence)));
    }

    /** A target's own signed word that the change failed there triggers what the approvers permitted. */
    private Optional<Requirement.Evidence> failure(Scene scene, Trust trust, Manifest earlier) {
        return scene.circumstances().failures().stream()
                .filter(receipt -> receipt.manifest().equals(earlier.digest()))
                .filter(receipt -> earlier.units().stream()
                        .anyMatch(affected -> affected.unit().equals(receipt.unit())))
                .filter(receipt -> receipt.signedByTarget(trust, hasAgents(scene.before(), receipt.unit())))
                .map(receipt -> new Requirement.Evidence(
                        receipt.unit().target(), TARGET, receipt.key(), path(receipt.unit()), receipt.index()))
                .findFirst();
    }

    private boolean hasAgents(Snapshot tree, Unit unit) {
        return documents
                .find(tree, path(unit))
                .map(target -> !target.spec().objectList("agents").isEmpty())
                .orElse(true);
    }

    private static String path(Unit unit) {
        return Kind.TARGET.folder() + "/" + unit.target() + ".yaml";
    }

    private static Instant mergedAt(Snapshot tree, ChangeId change) {
        return GateRecord.parse(tree.read(change.folder() + "/gate.json", GateRecord.MAX_BYTES))
                .time();
    }

    private static void requireName(Scene scene, ChangeId of) {
        String name = scene.manifest().change().name();
        if (!name.equals(of.rollbackName())) {
            throw new Refusal(
                    "rollback-name", "a rollback of " + of + " is called " + of.rollbackName() + ", this is " + name);
        }
        if (scene.manifest().change().day().compareTo(of.day()) < 0) {
            throw new Refusal(
                    "rollback-name",
                    "a rollback of " + of + " is not opened before it, this says "
                            + scene.manifest().change().day());
        }
    }

    private static void requireContent(Manifest earlier) {
        if (content(earlier).isEmpty()) {
            throw new Refusal(
                    "rollback-of-nothing",
                    "the change " + earlier.change() + " touched only trust folders, which no rollback restores",
                    "open a normal change");
        }
    }

    /** Refuses {@code rollback-used} if a rollback of the change was merged already. */
    public static void requireUnused(Snapshot tree, ChangeId of) {
        for (TreeEntry day : tree.list("changes")) {
            if (day.name().compareTo(of.day()) >= 0 && takesBack(tree, day.name(), of)) {
                throw new Refusal("rollback-used", "the change " + of + " was already rolled back on " + day.name());
            }
        }
    }

    private static boolean takesBack(Snapshot tree, String day, ChangeId of) {
        return merged(tree, "changes/" + day + "/" + of.rollbackName())
                .filter(manifest -> manifest.operation() == Operation.ROLLBACK && of.equals(manifest.of()))
                .isPresent();
    }

    /** Refuses {@code rollback-of-recovery} what would bring back what a recovery took back. */
    public static void requireNoRecovery(Manifest earlier) {
        if (earlier.operation() == Operation.RECOVER) {
            throw new Refusal(
                    "rollback-of-recovery",
                    "the change " + earlier.change() + " is a recovery; what it took back stays taken back",
                    "open a normal change");
        }
    }

    private void requireNotTrampling(Snapshot before, Manifest earlier) {
        List<String> moved = trampled(before, earlier);
        if (!moved.isEmpty()) {
            throw new Refusal(
                    "rollback-would-trample",
                    "since " + earlier.change() + " was merged, these changed again: " + String.join(", ", moved),
                    "open a normal change that restores what you want of them");
        }
    }

    private static void requireExact(Manifest rollback, Manifest earlier) {
        Map<String, Manifest.FileChange> actual = rollback.files().stream()
                .filter(file -> !file.path().equals(rollback.change().document()))
                .collect(Collectors.toMap(Manifest.FileChange::path, Function.identity()));
        Map<String, Manifest.FileChange> expected = content(earlier).stream()
                .map(file ->
                        new Manifest.FileChange(file.path(), /* before= */ file.after(), /* after= */ file.before()))
                .collect(Collectors.toMap(Manifest.FileChange::path, Function.identity()));
        if (!actual.equals(expected)) {
            List<String> wrong = new ArrayList<>();
            expected.forEach((path, file) -> addIf(!file.equals(actual.get(path)), path, wrong));
            actual.keySet().forEach(path -> addIf(!expected.containsKey(path), path, wrong));
            throw new Refusal(
                    "rollback-not-exact",
                    "a rollback of " + earlier.change() + " restores exactly its paths; these differ: "
                            + wrong.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private static void addIf(boolean condition, String path, List<String> list) {
        if (condition) {
            list.add(path);
        }
    }

    private static @Nullable FileState state(Snapshot snapshot, String path) {
        return snapshot.find(path)
                .map(entry -> new FileState(entry.rawMode(), snapshot.blobDigest(entry.id())))
                .orElse(null);
    }
}
