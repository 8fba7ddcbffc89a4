package countersign.audit;

import countersign.access.RepositorySettings;
import countersign.audit.start.Memory;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.LogTrust;
import countersign.log.copy.LogReader;
import countersign.log.tile.TileSource;
import countersign.repository.Commit;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.signing.NoteKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The record log as a clone has it: on a branch that the server writes, a commit for each time it was published. */
final class ClonedLog {
    private static final int MAX_TILE = 32 << 20;
    private static final int MAX_CHECKPOINT = 64 << 10;

    private final Repository clone;
    private final Optional<String> branch;

    ClonedLog(Repository clone) {
        this.clone = clone;
        this.branch = clone.findRef(CloneAudit.LOG_BRANCH);
    }

    Optional<String> findBranch() {
        return branch;
    }

    /** The commit that the branch points to. */
    String branch() {
        return branch.orElseThrow(() -> new Refusal(
                "no-log-branch",
                "the clone has no branch countersign/log",
                "clone all branches, or: git fetch origin countersign/log:countersign/log"));
    }

    /** Verifies that the log is whole and extends what is remembered; shows every new entry once on the way. */
    LogReader.Verified read(RepositorySettings believed, Optional<Memory> memory, Consumer<LogReader.Entry> shown) {
        Snapshot tiles = clone.snapshot(branch());
        LogTrust trust =
                new LogTrust(believed.origin(), believed.logKeys(), believed.cosigners(), believed.witnesses());
        LogReader reader = new LogReader(path -> tiles.find(path).map(entry -> tiles.read(path, MAX_TILE)), trust);
        return reader.verifySince(memory.map(Memory::checkpoint).orElse(Checkpoint.empty(believed.origin())), shown);
    }

    /** A log that too few witnesses saw is named, and still followed. */
    static AuditLine line(LogReader.Verified log, RepositorySettings believed) {
        int witnesses = log.head().witnesses().size();
        String detail = log.checkpoint().size() + " entries, root "
                + log.checkpoint().root() + ", " + (witnesses == 0 ? "not witnessed" : witnesses + " witness(es)");
        List<Finding> findings = witnesses >= believed.witnessQuorum()
                ? List.of()
                : List.of(Finding.error(
                        "witness-quorum",
                        witnesses + " witness(es) cosigned the checkpoint, needed are " + believed.witnessQuorum()));
        String command = "git show " + CloneAudit.LOG_BRANCH + ":checkpoint";
        return new AuditLine("record log " + log.checkpoint().origin(), detail, findings, command);
    }

    /**
     * The newest published checkpoint behind an entry that one of the old keys and the new one signed, and that is of this
     * log; empty if none was published.
     */
    Optional<Checkpoint> findSignedByBoth(long index, Collection<NoteKey> old, NoteKey added, LogReader.Verified log) {
        String origin = log.checkpoint().origin();
        LogTrust byOld = new LogTrust(origin, List.copyOf(old), List.of(), List.of());
        LogTrust byNew = new LogTrust(origin, List.of(added), List.of(), List.of());
        Optional<String> commit = branch;
        while (commit.isPresent()) {
            Commit published = clone.getCommit(commit.get());
            byte[] note = clone.snapshotOfTree(published.treeId()).read(TileSource.CHECKPOINT, MAX_CHECKPOINT);
            Optional<Checkpoint> both = checkpoint(note, byOld)
                    .filter(found -> checkpoint(note, byNew).isPresent());
            if (both.isPresent() && both.get().size() > index && log.extendsFrom(both.get())) {
                return both;
            }
            boolean tooOld = both.isPresent() && both.get().size() <= index;
            commit = tooOld ? Optional.empty() : published.parents().stream().findFirst();
        }
        return Optional.empty();
    }

    private static Optional<Checkpoint> checkpoint(byte[] note, LogTrust trust) {
        try {
            return Optional.of(trust.verify(note).checkpoint());
        } catch (Refusal otherKeys) {
            return Optional.empty();
        }
    }
}
