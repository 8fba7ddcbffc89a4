package countersign.merge;

import countersign.codec.Refusal;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.repository.Repository;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the chain of merges stands: the last merge that the record log has, or its genesis.
 *
 * @param index index of its log entry
 * @param seq 0 for genesis
 * @param before the commit before it; null for genesis
 * @param after the commit that main must point to
 * @param time its T
 */
record Head(long index, long seq, @Nullable String before, String after, Instant time) {
    /** Reads the log backwards to the last merge. */
    static Head of(RecordLog log) {
        for (long index = log.size() - 1; index >= 0; index--) {
            LogEntry entry = LogEntry.parse(log.entry(index));
            if (entry instanceof LogEntry.Merge merge) {
                return of(index, merge);
            }
            if (entry instanceof LogEntry.Genesis genesis) {
                return new Head(index, 0, null, genesis.commit(), genesis.time());
            }
        }
        throw new Refusal("no-genesis", "the record log has no genesis", "run countersign init first");
    }

    static Head of(long index, LogEntry.Merge merge) {
        return new Head(index, merge.seq(), merge.before(), merge.after(), merge.time());
    }

    /** Whether main, as it is on disk, is where the log says. */
    boolean isMain(Repository repository) {
        return repository.readRef(Repository.MAIN).filter(after::equals).isPresent();
    }

    /**
     * Compares main, as it is on disk, with the log; moves main forward if it stands just before the last merge. For whoever
     * holds the lock of merges: two who move main at once would each take the other for a stranger.
     *
     * @return why nothing may be written; empty if all is well
     */
    Optional<String> reconcile(Repository repository) {
        Optional<String> main = repository.readRef(Repository.MAIN);
        if (main.isPresent() && main.get().equals(after)) {
            return Optional.empty();
        }
        if (main.isPresent() && Objects.equals(main.get(), before)) {
            Repository.RefMove forward = new Repository.RefMove(Repository.MAIN, before, after);
            if (repository.moveRefs(java.util.List.of(forward))) {
                return Optional.empty();
            }
        }
        return Optional.of("main is at " + main.orElse("nothing") + ", the record log says " + after + " (merge "
                + seq + ", log entry " + index + "); nothing is written until main is put back: git update-ref "
                + Repository.MAIN + " " + after);
    }
}
