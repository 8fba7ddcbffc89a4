package countersign.change;

import countersign.change.impact.OpenEffects;
import countersign.change.record.OpenRecords;
import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.change.store.PendingReviews;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.merge.Ledger;
import countersign.repository.Repository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What follows from an entry of the log, and is done again after a crash: open changes get their states anew, soon, closed
 * ones lose their branches. Thread-safe.
 */
final class Aftermath {
    private final Repository repository;
    private final ChangeStore store;
    private final OpenRecords records;
    private final Projection projection;
    private final Reviews reviews;
    private final OpenEffects effects;
    private final PendingReviews pending;

    /** @param soon runs reviews some time after they were handed in, on another thread */
    Aftermath(
            Repository repository,
            ChangeStore store,
            OpenRecords records,
            Projection projection,
            Reviews reviews,
            OpenEffects effects,
            Executor soon) {
        this.repository = repository;
        this.store = store;
        this.records = records;
        this.projection = projection;
        this.reviews = reviews;
        this.effects = effects;
        this.pending = new PendingReviews(reviews::review, projection::settled, soon);
    }

    /** Brings the store up to date with the log. */
    void catchUp(RecordLog log) {
        if (projection.catchUp()) {
            open().forEach(reviews::review);
            projection.settled(List.of(log.size() - 1));
        }
    }

    /** Follows a statement about a change; whoever signs for an emergency may free other changes, too. */
    void voted(Change change, long index) {
        pending.add(index, change.emergency() ? open() : List.of(change.id()));
    }

    /** Follows a merge, which may have altered the states of open changes. */
    void merged(Ledger.Merge merge) {
        pending.add(merge.merged().index(), reviews.merged(merge));
    }

    /** Records an entry that stands in the log. */
    void appended(long index, LogEntry entry) {
        projection.apply(index, entry);
        pending.add(index, entry instanceof LogEntry.Revocation ? open() : List.of());
    }

    /** Returns when the state of a change is what follows from the log. */
    void finishReviews(ChangeId change) {
        pending.finish(change);
    }

    /** The same for all changes. */
    void finishReviews() {
        pending.finish();
    }

    /** The changes that have a record as open ones. */
    List<ChangeId> open() {
        return records.open().stream().map(OpenRecords.Entry::id).toList();
    }

    /** Takes a closed change out of the open ones: deletes the branch, moves its record to the archive. */
    void close(Change change) {
        effects.forget(change.id());
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
