package countersign.manifest;

import countersign.access.RepositorySettings;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes manifests from two trees (engine 1). Its cost follows what differs between them; a change of a target or
 * package also looks at every system. Thread-safe.
 */
public final class Effect {
    private final DocumentReader documents;
    private final SystemUnits systems;
    private final TreeRules rules;
    private volatile @Nullable LastSettings lastSettings;

    /** What a blob says: it hardly ever changes, and reading its keys costs more than the rest of a manifest. */
    private record LastSettings(String blob, RepositorySettings settings) {}

    /**
     * Two trees and who made the difference.
     *
     * @param before the tree that main has
     * @param after the tree that main is to have; what it holds in the server's own new folder is not part of the effect
     * @param change the change
     * @param contributors names of the people who can't approve it
     */
    public record Proposal(Snapshot before, Snapshot after, ChangeId change, List<String> contributors) {
        public Proposal {
            contributors = List.copyOf(contributors);
        }
    }

    public Effect(DocumentReader documents) {
        this.documents = documents;
        this.systems = new SystemUnits(documents);
        this.rules = new TreeRules(documents);
    }

    /** What differs, without the server's own new folder, in the order of the paths. */
    public List<Difference> differences(Proposal proposal) {
        String serverFolder = proposal.change().folder() + "/";
        return Differences.between(proposal.before(), proposal.after(), Manifest.MAX_FILES + 16).stream()
                .filter(difference -> !difference.path().startsWith(serverFolder))
                .toList();
    }

    /** Everything that PROTOCOL §1 finds wrong with the proposal, and what its documents say wrongly. */
    public List<Finding> check(Proposal proposal) {
        return check(proposal, differences(proposal));
    }

    /** The same, where {@link #differences} are known already. */
    public List<Finding> check(Proposal proposal, List<Difference> differences) {
        return rules.check(proposal.before(), proposal.after(), proposal.change(), differences);
    }

    /** The request of the proposed change. */
    public ChangeRequest request(Proposal proposal) {
        return documents
                .find(proposal.after(), proposal.change().document())
                .filter(document -> document.kind() == Kind.CHANGE_REQUEST)
                .map(ChangeRequest::of)
                .orElseThrow(() -> new Refusal(
                        "no-change-request",
                        "the change has no request: " + proposal.change().document() + " is missing",
                        "add that file to the branch"));
    }

    /** The manifest. Call it for proposals that {@link #check} finds nothing wrong with. */
    public Manifest manifest(Proposal proposal) {
        return manifest(proposal, differences(proposal));
    }

    /** The same, where {@link #differences} are known already. */
    public Manifest manifest(Proposal proposal, List<Difference> differences) {
        RepositorySettings settings = settings(proposal.before());
        ChangeRequest request = request(proposal);
        Set<String> contributors = new TreeSet<>(proposal.contributors());
        contributors.addAll(request.people());
        return new Manifest(
                settings.engine(),
                settings.id(),
                settings.origin(),
                proposal.change(),
                request.operation(),
                request.of(),
                List.copyOf(contributors),
                differences.stream()
                        .map(difference -> file(proposal, difference))
                        .toList(),
                units(proposal, differences),
                request.rollback(),
                request.applyBy(),
                request.recovery());
    }

    private RepositorySettings settings(Snapshot snapshot) {
        String blob = snapshot.find(RepositorySettings.PATH).map(TreeEntry::id).orElse("");
        LastSettings known = lastSettings;
        if (known == null || !known.blob.equals(blob)) {
            known = new LastSettings(blob, RepositorySettings.of(snapshot, documents));
            lastSettings = known;
        }
        return known.settings;
    }

    private static Manifest.FileChange file(Proposal proposal, Difference difference) {
        return new Manifest.FileChange(
                difference.path(),
                FileState.of(proposal.before(), difference.before()),
                FileState.of(proposal.after(), difference.after()));
    }

    private List<Manifest.UnitChange> units(Proposal proposal, List<Difference> differences) {
        Map<Unit, UnitDigests> before = units(proposal.before(), differences);
        Map<Unit, UnitDigests> after = units(proposal.after(), differences);
        Set<Unit> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        List<Manifest.UnitChange> changes = new ArrayList<>();
        for (Unit unit : all) {
            Manifest.DigestPair state = pair(before.get(unit), after.get(unit), UnitDigests::state);
            Manifest.DigestPair plan = pair(before.get(unit), after.get(unit), UnitDigests::plan);
            if (differ(state) || differ(plan)) {
                changes.add(new Manifest.UnitChange(unit, state, plan));
            }
        }
        return changes;
    }

    private Map<Unit, UnitDigests> units(Snapshot snapshot, List<Difference> differences) {
        Map<Unit, UnitDigests> units = new TreeMap<>();
        for (Document system : candidates(snapshot, differences)) {
            for (UnitDigests digests : systems.digests(snapshot, system)) {
                if (units.put(digests.unit(), digests) != null) {
                    throw new Refusal(
                            "duplicate-name", "two SystemConfigs are called " + system.name() + "; names are unique");
                }
            }
        }
        return units;
    }

    /** The systems whose units the differences can affect, in this snapshot. */
    private List<Document> candidates(Snapshot snapshot, List<Difference> differences) {
        Set<String> families = new TreeSet<>();
        for (Difference difference : differences) {
            String path = difference.path();
            if (path.startsWith("targets/") || path.startsWith("packages/")) {
                return systems.all(snapshot);
            }
            int end = path.startsWith("systems/") ? path.indexOf('/', "systems/".length()) : -1;
            if (end > 0) {
                families.add(path.substring("systems/".length(), end));
            }
        }
        return families.stream()
                .flatMap(family -> systems.ofFamily(snapshot, family).stream())
                .toList();
    }

    private static Manifest.DigestPair pair(
            @Nullable UnitDigests before,
            @Nullable UnitDigests after,
            Function<UnitDigests, countersign.codec.Sha256> digest) {
        return new Manifest.DigestPair(
                before == null ? null : digest.apply(before), after == null ? null : digest.apply(after));
    }

    private static boolean differ(Manifest.DigestPair pair) {
        return !java.util.Objects.equals(pair.before(), pair.after());
    }
}
