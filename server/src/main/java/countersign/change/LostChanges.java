package countersign.change;

import countersign.change.record.OpenRecords;

/**
 * Finds changes again whose newest rows a crash took and of which no later entry of the log tells: those that were
 * withdrawn last. Once is enough. Thread-safe.
 */
final class LostChanges {
    private final OpenRecords records;
    private final Projection projection;
    private boolean found;

    LostChanges(OpenRecords records, Projection projection) {
        this.records = records;
        this.projection = projection;
    }

    /** Rows are lost in the order in which they were written, so behind those that are whole all are. */
    synchronized void find() {
        if (!found) {
            records.archivedUntil(projection::knows).forEach(projection::restore);
            found = true;
        }
    }
}
