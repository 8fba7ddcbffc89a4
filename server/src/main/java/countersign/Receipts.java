package countersign;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.change.Changes;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.Manifest;
import countersign.repository.Remembered;
import java.util.Set;
import java.util.function.Consumer;

/** Joins applying to the record log and to the projection of changes. Thread-safe. */
final class Receipts implements ApplyLog {
    private static final int LATELY = 1_000;
    private static final int FEW_UNITS = 100;

    private final RecordLog log;
    private final Changes changes;

    /** By merge commit, so that a replay of what came since the last one need not look for manifests in Git. */
    private final Remembered<MergedChange> lately = new Remembered<>(LATELY);

    Receipts(RecordLog log, Changes changes) {
        this.log = log;
        this.changes = changes;
    }

    /** Notes a merge that was just logged. */
    MergedChange merged(LogEntry.Merge merge, Manifest manifest) {
        MergedChange merged = MergedChange.of(merge, manifest);
        if (merged.units().size() <= FEW_UNITS) {
            lately.put(merge.after(), merged);
        }
        return merged;
    }

    @Override
    public void replay(long from, Set<Long> earlier, MergeReader merges, Consumer<Receipt> receipts) {
        long first =
                Math.min(from, earlier.stream().mapToLong(Long::longValue).min().orElse(from));
        for (long index = first; index < log.size(); index++) {
            LogEntry entry = LogEntry.parse(log.entry(index));
            if (entry instanceof LogEntry.Receipt receipt) {
                receipts.accept(SignedReceipt.of(receipt).receipt());
            } else if (entry instanceof LogEntry.Merge merge && (index >= from || earlier.contains(index))) {
                merges.accept(index, read(merge));
            }
        }
    }

    private MergedChange read(LogEntry.Merge merge) {
        return lately.find(merge.after()).orElseGet(() -> MergedChange.of(merge, changes.manifestOf(merge)));
    }

    @Override
    public void append(SignedReceipt receipt) {
        Receipt.Outcome outcome = receipt.receipt().outcome();
        boolean failure = outcome == Receipt.Outcome.FAILED || outcome == Receipt.Outcome.ROLLED_BACK;
        changes.received(receipt::entry, failure);
    }
}
