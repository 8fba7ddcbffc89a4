package countersign.apply.record;

import java.util.Set;
import java.util.function.Consumer;

/** What applying reads from the record log and writes to it. Thread-safe. */
public interface ApplyLog {
    /** Hands over every merge and every receipt there is, each kind in the order of the log. */
    default void replay(Consumer<MergedChange> merges, Consumer<Receipt> receipts) {
        replay(0, Set.of(), (index, merge) -> merges.accept(merge), receipts);
    }

    /**
     * Hands over every merge and every receipt from an index of the log on, each kind in the order of the log; and before
     * them some earlier merges, with every receipt behind the first of these.
     *
     * @param earlier log indexes of those merges, all below {@code from}
     */
    void replay(long from, Set<Long> earlier, MergeReader merges, Consumer<Receipt> receipts);

    /** Appends a receipt; once it has returned, the receipt survives a power cut. */
    void append(SignedReceipt receipt);

    /** Takes merges with their places in the log. */
    @FunctionalInterface
    interface MergeReader {
        void accept(long index, MergedChange merge);
    }
}
