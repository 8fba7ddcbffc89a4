package countersign;

import countersign.apply.ApplyLog;
import countersign.apply.MergedChange;
import countersign.apply.Receipt;
import countersign.apply.SignedReceipt;
import countersign.change.Changes;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
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
    public void replay(Consumer<MergedChange> merges, Consumer<Receipt> receipts) {
        for (long index = 0; index < log.size(); index++) {
            LogEntry entry = LogEntry.parse(log.entry(index));
            if (entry instanceof LogEntry.Merge merge) {
                merges.accept(MergedChange.of(merge, changes.manifestOf(merge)));
            } else if (entry instanceof LogEntry.Receipt receipt) {
                receipts.accept(SignedReceipt.of(receipt).receipt());
            }
        }
    }

    @Override
    public void append(SignedReceipt receipt) {
        LogEntry.Receipt entry = receipt.entry(changes.logClock().now());
        changes.appended(log.append(entry), entry);
    }
}
