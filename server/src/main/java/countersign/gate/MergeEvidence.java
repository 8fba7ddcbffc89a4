package countersign.gate;

import countersign.gate.circumstance.Circumstances;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.repository.Commit;
import countersign.repository.Snapshot;
import java.util.List;
import java.util.Set;

/**
 * Everything the verifier looks at for one merge; all of it can be had from a plain clone.
 *
 * @param before the tree that main had
 * @param after the tree of the merge commit
 * @param entry the merge's log entry; that it is in the log is checked by whoever read the log
 * @param index index of that entry
 * @param commit the merge commit
 * @param proposed the commits that the change adds, newest first: those of the second parent that main did not have
 * @param votes every statement of the log before {@code index}, about this change, in order
 * @param revokedKeys fingerprints of keys revoked before {@code index}
 * @param circumstances what else the log says before {@code index} that bears on the merge
 */
public record MergeEvidence(
        Snapshot before,
        Snapshot after,
        LogEntry.Merge entry,
        long index,
        Commit commit,
        List<Commit> proposed,
        List<Vote> votes,
        Set<String> revokedKeys,
        Circumstances circumstances) {
    public MergeEvidence {
        proposed = List.copyOf(proposed);
        votes = List.copyOf(votes);
        revokedKeys = Set.copyOf(revokedKeys);
    }

    /** Without any circumstances. */
    public MergeEvidence(
            Snapshot before,
            Snapshot after,
            LogEntry.Merge entry,
            long index,
            Commit commit,
            List<Commit> proposed,
            List<Vote> votes,
            Set<String> revokedKeys) {
        this(before, after, entry, index, commit, proposed, votes, revokedKeys, Circumstances.none());
    }
}
