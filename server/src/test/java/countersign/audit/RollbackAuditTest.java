package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.log.LogEntry;
import countersign.manifest.Unit;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Rollbacks that the target's own receipts trigger, at the server and in its clones. */
final class RollbackAuditTest {
    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @Test
    void a_change_that_failed_at_its_target_is_rolled_back_without_another_signature() throws Exception {
        Change merged = shop.merged("raise-timeout", 60);
        receipt(merged, Receipt.Outcome.FAILED);
        String name = shop.changes().rollback("raise-timeout", "ann").id().name();

        assertThat(shop.changes().get(name).state()).isEqualTo(ChangeState.APPROVED);
        shop.changes().merge(name);
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.ROLLED_BACK);
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text()).contains("rollback, 2 path(s), signed by web-production (target)");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_change_that_was_applied_well_needs_a_signature() {
        receipt(shop.merged("raise-timeout", 60), Receipt.Outcome.APPLIED);

        String name = shop.changes().rollback("raise-timeout", "ann").id().name();

        assertThat(refusalOf(() -> shop.changes().merge(name)).rule()).isEqualTo("requirement-unmet");
    }

    @Test
    void a_rollback_is_used_once() {
        receipt(shop.merged("raise-timeout", 60), Receipt.Outcome.FAILED);
        shop.changes()
                .merge(shop.changes().rollback("raise-timeout", "ann").id().name());
        shop.merged("raise-again", 60);

        assertThat(refusalOf(() -> shop.changes().rollback("raise-timeout", "ann"))
                        .rule())
                .isEqualTo("rollback-used");
    }

    private void receipt(Change change, Receipt.Outcome outcome) {
        Receipt receipt = new Receipt(
                new Receipt.About(
                        "6f0f1a3e-6f1c-4c43-9f0f-0d8c1e8c7a11",
                        "shop.example/log",
                        change.id(),
                        change.merged().manifest(),
                        change.merged().commit(),
                        new Unit("web-production", "checkout-production"),
                        "directory",
                        "server"),
                Receipt.Operation.APPLY,
                null,
                null,
                outcome,
                null,
                List.of(),
                null,
                shop.now.get(),
                shop.now.get());
        LogEntry.Receipt entry = SignedReceipt.sign(receipt, shop.serverKey)
                .entry(shop.changes().logClock().now());
        shop.changes().appended(shop.log().append(entry), entry);
    }
}
