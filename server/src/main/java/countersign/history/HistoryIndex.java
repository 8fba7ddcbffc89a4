package countersign.history;

import countersign.codec.Refusal;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Follows the record log and writes down what each merge can be found by. It starts from nothing where the store is
 * empty, and never stands in the way of a merge. Thread-safe: one thread at a time reads the next entries, and lets
 * others go between two pieces.
 */
final class HistoryIndex {
    private static final int ENTRIES = 1024;
    private static final int MERGES = 64;
    private static final int MAX_BEHIND = 4 * ENTRIES;

    private final RecordLog log;
    private final MergeReader reader;
    private final HistoryStore store;
    private long stored;
    private volatile long seen = -1;

    HistoryIndex(RecordLog log, MergeReader reader, HistoryStore store) {
        this.log = log;
        this.reader = reader;
        this.store = store;
    }

    /** Reads every entry that is not yet indexed, as long as it may go on. */
    void catchUp(BooleanSupplier goOn) {
        while (seen < log.size() && goOn.getAsBoolean()) {
            step();
        }
    }

    /**
     * Catches up if that is little work; a Refusal {@code busy} if it is much, which somebody else must be doing
     * meanwhile.
     */
    void requireCurrent() {
        if (seen < 0) {
            start();
        }
        if (log.size() - seen > MAX_BEHIND) {
            throw new Refusal(
                    "busy",
                    "the history is being indexed: " + seen + " of " + log.size() + " log entries",
                    "ask again in a minute");
        }
        catchUp(() -> true);
    }

    private synchronized void start() {
        if (seen < 0) {
            resume();
        }
    }

    private void resume() {
        if (store.indexed() > log.size()) {
            store.clear();
        }
        stored = store.indexed();
        seen = stored;
    }

    private synchronized void step() {
        start();
        long size = log.size();
        long end = seen;
        List<IndexedMerge> merges = new ArrayList<>();
        while (end < size && end - seen < ENTRIES && merges.size() < MERGES) {
            if (LogEntry.parse(log.entry(end)) instanceof LogEntry.Merge merge) {
                merges.add(reader.read(merge, end));
            }
            end++;
        }
        if (merges.isEmpty() && end - stored < ENTRIES) {
            seen = end;
        } else if (store.advance(stored, end, merges)) {
            stored = end;
            seen = end;
        } else {
            resume();
        }
    }
}
