package countersign.gate;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.vote.Contributors;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Effect;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.signing.SshPublicKey;
import countersign.signing.git.GitSignatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides whether one merge was allowed (PROTOCOL §6): pure, without clock or network. The server runs it before it
 * moves main, an agent before it touches a machine, an auditor over a clone. A ladder of named steps; the only way out
 * at the bottom means yes. Thread-safe.
 */
public final class Verifier {
    private final TrustReader trusts;
    private final Effect effect;
    private final Requirements requirements;

    public Verifier(DocumentReader documents, TrustReader trusts, VoteRules voteRules) {
        this.trusts = trusts;
        this.effect = new Effect(documents);
        this.requirements = new Requirements(documents, trusts, voteRules);
    }

    /**
     * What a yes says.
     *
     * @param manifest the effect
     * @param request its request
     * @param gate who signed what
     */
    public record Verdict(Manifest manifest, ChangeRequest request, GateRecord gate) {}

    /** Says yes by returning; every no is a Refusal that names the rule. */
    public Verdict verify(MergeEvidence evidence) {
        requireWalkable(evidence);
        requireProposal(evidence);
        requireTime(evidence);
        List<Difference> differences =
                Differences.between(evidence.before(), evidence.after(), Manifest.MAX_FILES + 16);
        ChangeId change = requireOneChange(evidence, differences);
        Manifest manifest = requireManifest(evidence, change);
        requireNotStopped(evidence, manifest);
        requireServerSignature(evidence, manifest);
        requireKnownEngine(evidence, manifest);
        List<Difference> proposed = outside(change, differences);
        requireTreeRules(evidence, change, proposed);
        requireContributors(evidence, manifest);
        requireSameEffect(evidence, manifest, proposed);
        GateRecord gate = requireGate(evidence, manifest);
        Scene scene = scene(evidence, manifest, gate);
        requireSignatures(scene, gate);
        requireServerFolder(evidence, manifest, gate, differences);
        return new Verdict(manifest, scene.request(), gate);
    }

    /**
     * Refuses what the chain can't be walked over: another commit, other parents, or another content than the entry says.
     * A merge that is named bad must be walkable, and nothing more (PROTOCOL §7).
     */
    public static void requireWalkable(MergeEvidence evidence) {
        requireCommit(evidence);
        requireContentRoot(evidence);
    }

    private static void requireCommit(MergeEvidence evidence) {
        LogEntry.Merge entry = evidence.entry();
        requireSame("merge-commit", "commit", entry.after(), evidence.commit().id());
        if (evidence.commit().parents().size() != 2) {
            throw new Refusal(
                    "merge-parents",
                    "a merge has two parents, " + evidence.commit().id() + " has "
                            + evidence.commit().parents().size());
        }
        requireSame(
                "merge-parents",
                "first parent",
                entry.before(),
                evidence.commit().parents().get(0));
        requireSame(
                "merge-tree",
                "tree",
                evidence.after().treeId(),
                evidence.commit().treeId());
    }

    /** A recovery may also be signed by the server keys that it brings, since the old ones may be lost. */
    private void requireServerSignature(MergeEvidence evidence, Manifest manifest) {
        List<SshPublicKey> keys =
                new ArrayList<>(trusts.read(evidence.before()).settings().serverKeys());
        if (manifest.operation() == Operation.RECOVER) {
            keys.addAll(trusts.read(evidence.after()).settings().serverKeys());
        }
        String armored = evidence.commit().signature();
        if (armored == null) {
            throw new Refusal(
                    "commit-not-signed", "the merge commit " + evidence.commit().id() + " has no signature");
        }
        GitSignatures.verify(evidence.commit().signedPayload(), armored, keys);
    }

    private static void requireContentRoot(MergeEvidence evidence) {
        requireSame(
                "content-root",
                "content root",
                evidence.entry().contentRoot(),
                evidence.after().contentRootSince(evidence.before()));
    }

    /** Without the commits of the branch nobody knows who wrote them. */
    private static void requireProposal(MergeEvidence evidence) {
        String tip = evidence.commit().parents().get(1);
        String shown = evidence.proposed().isEmpty()
                ? "nothing"
                : evidence.proposed().get(0).id();
        requireSame("merge-parents", "the newest commit that the change adds", tip, shown);
    }

    /** T is never earlier than what the log already held (PROTOCOL §4.4). */
    private static void requireTime(MergeEvidence evidence) {
        for (Vote vote : evidence.votes()) {
            if (vote.index() < evidence.index() && evidence.entry().time().isBefore(vote.loggedAt())) {
                throw new Refusal(
                        "merge-time",
                        "the merge says it was at " + evidence.entry().time() + ", log entry " + vote.index()
                                + " before it was at " + vote.loggedAt());
            }
        }
    }

    private static ChangeId requireOneChange(MergeEvidence evidence, List<Difference> differences) {
        List<ChangeId> changes = differences.stream()
                .map(Difference::path)
                .flatMap(path -> ChangeId.ofDocument(path).stream())
                .toList();
        if (changes.size() != 1) {
            throw new Refusal("one-change", "a merge adds exactly one ChangeRequest, this one " + changes);
        }
        ChangeId change = changes.get(0);
        if (evidence.before().find(change.folder()).isPresent()) {
            throw new Refusal("server-folder", change.folder() + " already existed before the merge");
        }
        return change;
    }

    private static Manifest requireManifest(MergeEvidence evidence, ChangeId change) {
        byte[] bytes = read(evidence.after(), ServerFolder.manifestPath(change), Manifest.MAX_BYTES);
        requireSame("manifest-digest", "manifest.json", evidence.entry().manifest(), Sha256.of(bytes));
        Manifest manifest = Manifest.parse(bytes);
        requireSame("manifest-change", "change", change, manifest.change());
        return manifest;
    }

    /** While everything is stopped only recoveries merge. */
    private static void requireNotStopped(MergeEvidence evidence, Manifest manifest) {
        String stop = evidence.circumstances().stop();
        if (stop != null && manifest.operation() != Operation.RECOVER) {
            throw new Refusal("stopped", stop);
        }
    }

    private void requireKnownEngine(MergeEvidence evidence, Manifest manifest) {
        requireSame(
                "engine", "engine", trusts.read(evidence.before()).settings().engine(), manifest.engine());
    }

    /** What people proposed: everything but the server's own new folder. */
    private static List<Difference> outside(ChangeId change, List<Difference> differences) {
        String serverFolder = change.folder() + "/";
        return differences.stream()
                .filter(difference -> !difference.path().startsWith(serverFolder))
                .toList();
    }

    private void requireTreeRules(MergeEvidence evidence, ChangeId change, List<Difference> proposed) {
        Refusal.ifAnyBlocks(
                effect.check(new Effect.Proposal(evidence.before(), evidence.after(), change, List.of()), proposed));
    }

    private void requireContributors(MergeEvidence evidence, Manifest manifest) {
        Trust trust = trusts.read(evidence.before());
        Refusal.ifAnyBlocks(Contributors.unknown(evidence.proposed(), trust));
        List<String> missing = Contributors.of(evidence.proposed(), trust).stream()
                .filter(name -> !manifest.contributors().contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new Refusal(
                    "contributor-missing",
                    "the commits carry the addresses of " + missing + ", the manifest names only "
                            + manifest.contributors());
        }
    }

    private void requireSameEffect(MergeEvidence evidence, Manifest manifest, List<Difference> proposed) {
        Manifest recomputed = effect.manifest(
                new Effect.Proposal(evidence.before(), evidence.after(), manifest.change(), manifest.contributors()),
                proposed);
        if (!Arrays.equals(recomputed.bytes(), manifest.bytes())) {
            throw new Refusal(
                    "manifest-differs",
                    "the stored manifest " + manifest.digest() + " is not the effect of the merge, which is "
                            + recomputed.digest() + "; differing: " + differing(manifest, recomputed));
        }
    }

    private static GateRecord requireGate(MergeEvidence evidence, Manifest manifest) {
        byte[] bytes = read(evidence.after(), ServerFolder.gatePath(manifest.change()), GateRecord.MAX_BYTES);
        requireSame("gate-digest", "gate.json", evidence.entry().gate(), Sha256.of(bytes));
        GateRecord gate = GateRecord.parse(bytes);
        requireSame("gate-time", "time", evidence.entry().time(), gate.time());
        requireSame("gate-manifest", "manifest", evidence.entry().manifest(), gate.manifest());
        requireSame("gate-engine", "engine", manifest.engine(), gate.engine());
        requireSame("gate-change", "change", manifest.change(), gate.change());
        return gate;
    }

    private Scene scene(MergeEvidence evidence, Manifest manifest, GateRecord gate) {
        ChangeRequest request = effect.request(
                new Effect.Proposal(evidence.before(), evidence.after(), manifest.change(), manifest.contributors()));
        return new Scene(
                manifest,
                request,
                evidence.before(),
                evidence.after(),
                evidence.votes().stream()
                        .filter(vote -> vote.index() < evidence.index())
                        .toList(),
                evidence.revokedKeys(),
                evidence.entry().time(),
                evidence.circumstances().naming(Requirements.countedVotes(gate.requirements())));
    }

    private void requireSignatures(Scene scene, GateRecord gate) {
        Requirements.Judgement now = requirements.judge(scene);
        List<Requirement> unmet = Requirements.unmet(now.requirements()).toList();
        if (!unmet.isEmpty()) {
            throw new Refusal(unmet.stream().map(Requirement::finding).toList());
        }
        if (!now.requirements().equals(gate.requirements())) {
            throw new Refusal(
                    "gate-differs", "gate.json names other requirements or evidence than the tree before and the log");
        }
        requireSame("gate-contributors", "contributors", now.contributors(), gate.contributors());
    }

    /** The server's folder holds the manifest, the gate and exactly the votes that the gate counts. */
    private static void requireServerFolder(
            MergeEvidence evidence, Manifest manifest, GateRecord gate, List<Difference> differences) {
        Map<String, FileState> expected = new TreeMap<>();
        expected.put(ServerFolder.manifestPath(manifest.change()), regular(manifest.digest()));
        expected.put(
                ServerFolder.gatePath(manifest.change()),
                regular(evidence.entry().gate()));
        ServerFolder.votes(manifest.change(), gate, evidence.votes())
                .forEach((path, bytes) -> expected.put(path, regular(Sha256.of(bytes))));
        Map<String, FileState> actual = serverFolder(evidence, manifest.change(), differences);
        if (!actual.equals(expected)) {
            List<String> wrong = new ArrayList<>();
            expected.forEach((path, file) -> addUnless(file.equals(actual.get(path)), path, wrong));
            actual.keySet().forEach(path -> addUnless(expected.containsKey(path), path, wrong));
            throw new Refusal(
                    "server-folder",
                    "the server's folder does not hold exactly manifest, gate and the counted votes; wrong: "
                            + String.join(", ", wrong));
        }
    }

    private static FileState regular(Sha256 digest) {
        return new FileState(FileMode.REGULAR.octal(), digest);
    }

    private static Map<String, FileState> serverFolder(
            MergeEvidence evidence, ChangeId change, List<Difference> differences) {
        Map<String, FileState> files = new TreeMap<>();
        for (Difference difference : differences) {
            TreeEntry found = difference.after();
            if (difference.path().startsWith(change.folder() + "/") && found != null) {
                files.put(
                        difference.path(),
                        new FileState(found.rawMode(), evidence.after().blobDigest(found.id())));
            }
        }
        return files;
    }

    private static String differing(Manifest stored, Manifest recomputed) {
        List<String> paths = new ArrayList<>();
        stored.files().forEach(file -> addUnless(recomputed.files().contains(file), file.path(), paths));
        recomputed.files().forEach(file -> addUnless(stored.files().contains(file), file.path(), paths));
        stored.units().forEach(unit -> addUnless(recomputed.units().contains(unit), "unit " + unit.unit(), paths));
        recomputed.units().forEach(unit -> addUnless(stored.units().contains(unit), "unit " + unit.unit(), paths));
        return paths.isEmpty() ? "header" : paths.stream().distinct().limit(20).collect(Collectors.joining(", "));
    }

    private static void addUnless(boolean condition, String path, List<String> list) {
        if (!condition) {
            list.add(path);
        }
    }

    private static byte[] read(Snapshot snapshot, String path, int maxBytes) {
        return snapshot.read(path, maxBytes);
    }

    private static void requireSame(String rule, String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new Refusal(rule, what + " must be " + expected + ", is " + actual);
        }
    }
}
