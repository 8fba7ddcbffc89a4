package countersign.audit.rehearsal;

import countersign.access.TrustReader;
import countersign.codec.Refusal;
import countersign.document.reader.Documents;
import countersign.gate.GateRecord;
import countersign.gate.Scene;
import countersign.gate.VoteRules;
import countersign.gate.vote.Vote;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.merge.Gatekeeper;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyResult;
import countersign.repository.Commit;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.signing.VerifiedSignatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Plays policies over the merges of a clone, the newest first: each merge is judged as its change was, at its time, over
 * its two trees, with the votes that its gate counted. Keeps nothing of a merge when it goes on to the next. Nothing is
 * verified here; that is what an audit does. Not thread-safe.
 */
public final class Rehearsal {
    private static final int DOCUMENTS = 4_000;
    private static final int MAX_VOTE = 1 << 20;
    private static final int MAX_DIFFERENCES = Manifest.MAX_FILES + 10_000;

    private final Repository clone;
    private final DocumentReader documents = new DocumentReader(new Documents(), DOCUMENTS);
    private final Gatekeeper gatekeeper = new Gatekeeper(
            documents, new TrustReader(documents), new VoteRules(new VerifiedSignatures(1)), new PolicyEngine());

    public Rehearsal(Repository clone) {
        this.clone = clone;
    }

    /**
     * What the policies say of one merge.
     *
     * @param change the change
     * @param commit the merge commit
     * @param time its T
     * @param results one for each policy
     */
    public record Judged(ChangeId change, String commit, Instant time, List<PolicyResult> results) {
        public Judged {
            results = List.copyOf(results);
        }

        /** Those that would have kept the change from merging. */
        public List<PolicyResult> denials() {
            return results.stream().filter(result -> result.outcome().blocks()).toList();
        }
    }

    /**
     * Judges merge after merge until the genesis, or until one is older than a moment, or until the listener has enough.
     *
     * @param since judges nothing that merged before
     * @param listener told of each merge; false ends it
     */
    public void run(List<Policy> policies, Instant since, Predicate<Judged> listener) {
        Optional<Commit> head = Optional.of(clone.getCommit(main()));
        boolean more = true;
        while (more && head.isPresent() && !head.get().parents().isEmpty()) {
            Commit commit = head.get();
            Optional<Scene> scene = scene(commit);
            if (scene.isPresent()) {
                more = !scene.get().time().isBefore(since)
                        && listener.test(new Judged(
                                scene.get().manifest().change(),
                                commit.id(),
                                scene.get().time(),
                                gatekeeper.rehearse(scene.get(), policies).results()));
            }
            head = Optional.of(clone.getCommit(commit.parents().get(0)));
        }
    }

    private String main() {
        return clone.findRef("refs/remotes/origin/main")
                .or(() -> clone.findRef(Repository.MAIN))
                .orElseThrow(() -> new Refusal("no-main", "the clone has no branch main", "git fetch origin"));
    }

    /** How the gate saw the change that a commit merges; empty if the commit merges none. */
    private Optional<Scene> scene(Commit commit) {
        Snapshot before = clone.snapshot(commit.parents().get(0));
        Snapshot after = clone.snapshot(commit.id());
        for (Difference difference : Differences.between(before, after, MAX_DIFFERENCES)) {
            Optional<ChangeId> change = ChangeId.ofDocument(difference.path());
            if (change.isPresent() && difference.before() == null) {
                String folder = change.get().folder();
                if (after.find(folder + "/gate.json").isPresent()) {
                    return Optional.of(scene(before, after, change.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Scene scene(Snapshot before, Snapshot after, ChangeId change) {
        String folder = change.folder();
        Manifest manifest = Manifest.parse(after.read(folder + "/manifest.json", Manifest.MAX_BYTES));
        GateRecord gate = GateRecord.parse(after.read(folder + "/gate.json", GateRecord.MAX_BYTES));
        ChangeRequest request =
                ChangeRequest.of(documents.find(after, change.document()).orElseThrow());
        return new Scene(
                manifest, request, before, after, votes(after, folder + "/votes", gate.time()), Set.of(), gate.time());
    }

    private static List<Vote> votes(Snapshot after, String folder, Instant time) {
        List<Vote> votes = new ArrayList<>();
        for (TreeEntry entry : after.list(folder)) {
            if (entry.name().endsWith(".json")) {
                String path = folder + "/" + entry.name();
                String signature = new String(after.read(path + ".sig", MAX_VOTE), StandardCharsets.UTF_8);
                votes.add(Vote.of(Vote.entry(after.read(path, MAX_VOTE), signature, time), votes.size()));
            }
        }
        return votes;
    }
}
