package countersign;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.change.Changes;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import java.util.Set;
import java.util.function.Consumer;

/** Joins applying to the record log and to the projection of changes. Thread-safe. */
final class Receipts implements ApplyLog {
    private final RecordLog log;
    private final Changes changes;

    Receipts(RecordLog log, Changes changes) {
        this.log = log;
        this.changes = changes;
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
                merges.accept(index, MergedChange.of(merge, changes.manifestOf(merge)));
            }
        }
    }

    @Override
    public void append(SignedReceipt receipt) {
        Receipt.Outcome outcome = receipt.receipt().outcome();
        boolean failure = outcome == Receipt.Outcome.FAILED || outcome == Receipt.Outcome.ROLLED_BACK;
        changes.received(receipt::entry, failure);
    }
}
