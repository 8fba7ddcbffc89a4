package countersign.apply;

import java.util.function.Consumer;

/** What applying reads from the record log and writes to it. Thread-safe. */
public interface ApplyLog {
    /** Hands over every merge and every receipt there is, each kind in the order of the log. */
    void replay(Consumer<MergedChange> merges, Consumer<Receipt> receipts);

    /** Appends a receipt; once it has returned, the receipt survives a power cut. */
    void append(SignedReceipt receipt);
}
