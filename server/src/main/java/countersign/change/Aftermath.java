package countersign.change;

import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.repository.Repository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What follows from an entry of the log, and is done again after a crash: open changes get their states anew, closed ones
 * lose their branches. Thread-safe.
 */
final class Aftermath {
    private final Repository repository;
    private final ChangeStore store;
    private final OpenRecords records;
    private final Projection projection;
    private final Reviews reviews;

    Aftermath(Repository repository, ChangeStore store, OpenRecords records, Projection projection, Reviews reviews) {
        this.repository = repository;
        this.store = store;
        this.records = records;
        this.projection = projection;
        this.reviews = reviews;
    }

    /** Brings the store up to date with the log. */
    void catchUp(RecordLog log) {
        if (projection.catchUp()) {
            reviewAll();
            projection.settled(log.size() - 1);
        }
    }

    /** Records an entry that stands in the log. */
    void appended(long index, LogEntry entry) {
        projection.apply(index, entry);
        if (entry instanceof LogEntry.Revocation) {
            reviewAll();
        }
        projection.settled(index);
    }

    void reviewAll() {
        records.open().forEach(open -> reviewIfOpen(open.id()));
    }

    void reviewIfOpen(ChangeId id) {
        store.find(id).filter(change -> change.state().open()).ifPresent(reviews::review);
    }

    /** Takes a closed change out of the open ones: deletes the branch, moves its record to the archive. */
    void close(Change change) {
        Map<String, Repository.RefMove> moves = new HashMap<>();
        records.close(change.id()).forEach(move -> moves.put(move.ref(), move));
        repository
                .findRef(change.id().branch())
                .ifPresent(tip -> moves.put(
                        change.id().branch(), new Repository.RefMove(change.id().branch(), tip, null)));
        if (!moves.isEmpty()) {
            repository.moveRefs(List.copyOf(moves.values()));
        }
    }

    /** Takes every closed change out of the open ones. */
    void finishClosing() {
        for (OpenRecords.Entry entry : records.open()) {
            store.find(entry.id()).filter(change -> !change.state().open()).ifPresent(this::close);
        }
    }
}
