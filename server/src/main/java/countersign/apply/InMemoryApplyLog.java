package countersign.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A log that lives as long as the process. Thread-safe: every method holds the one lock. */
public final class InMemoryApplyLog implements ApplyLog {
    private final List<MergedChange> merges = new ArrayList<>();
    private final List<SignedReceipt> receipts = new ArrayList<>();

    public synchronized void add(MergedChange merge) {
        merges.add(merge);
    }

    @Override
    public synchronized void replay(Consumer<MergedChange> toMerges, Consumer<Receipt> toReceipts) {
        merges.forEach(toMerges);
        receipts.forEach(receipt -> toReceipts.accept(receipt.receipt()));
    }

    @Override
    public synchronized void append(SignedReceipt receipt) {
        receipts.add(receipt);
    }

    /** All receipts, oldest first. */
    public synchronized List<SignedReceipt> receipts() {
        return List.copyOf(receipts);
    }
}
