package countersign.apply.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A log that lives as long as the process. Thread-safe: every method holds the one lock. */
public final class InMemoryApplyLog implements ApplyLog {
    /** Merges as they are, receipts as they are signed. */
    private final List<Object> entries = new ArrayList<>();

    public synchronized void add(MergedChange merge) {
        entries.add(merge);
    }

    @Override
    public synchronized void replay(long from, Set<Long> earlier, MergeReader merges, Consumer<Receipt> receipts) {
        long first =
                Math.min(from, earlier.stream().mapToLong(Long::longValue).min().orElse(from));
        for (long index = first; index < entries.size(); index++) {
            Object entry = entries.get((int) index);
            if (entry instanceof SignedReceipt receipt) {
                receipts.accept(receipt.receipt());
            } else if (index >= from || earlier.contains(index)) {
                merges.accept(index, (MergedChange) entry);
            }
        }
    }

    @Override
    public synchronized void append(SignedReceipt receipt) {
        entries.add(receipt);
    }

    /** How many merges and receipts there are. */
    public synchronized long size() {
        return entries.size();
    }

    /** All receipts, oldest first. */
    public synchronized List<SignedReceipt> receipts() {
        return entries.stream()
                .filter(SignedReceipt.class::isInstance)
                .map(SignedReceipt.class::cast)
                .toList();
    }
}
