package countersign.audit;

import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.manifest.Unit;
import countersign.signing.SshPrivateKey;
import java.util.List;

/** The target of a shop's checkout, which reports what became of merges there, in receipts that a key signs. */
record CheckoutTarget(Shop shop, String environment, SshPrivateKey key) {
    /** A target whose receipts the server signs. */
    static CheckoutTarget in(Shop shop, String environment) {
        return new CheckoutTarget(shop, environment, shop.serverKey);
    }

    void reports(Change change, Receipt.Outcome outcome) {
        shop.changes().received(receipt(change, outcome)::entry, outcome == Receipt.Outcome.FAILED);
    }

    SignedReceipt receipt(Change change, Receipt.Outcome outcome) {
        Receipt receipt = new Receipt(
                new Receipt.About(
                        "6f0f1a3e-6f1c-4c43-9f0f-0d8c1e8c7a11",
                        "shop.example/log",
                        change.id(),
                        change.merged().manifest(),
                        change.merged().commit(),
                        new Unit("web-" + environment, "checkout-" + environment),
                        "directory",
                        "server"),
                Receipt.Operation.APPLY,
                null,
                null,
                outcome,
                outcome == Receipt.Outcome.FAILED ? "health-failed: no answer" : null,
                List.of(),
                null,
                shop.now.get(),
                shop.now.get());
        return SignedReceipt.sign(receipt, key);
    }
}
