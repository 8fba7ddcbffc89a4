package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.Receipt;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.codec.Sha256;
import countersign.gate.vote.Decision;
import countersign.log.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Rollbacks that the target's own receipts trigger, at the server and in its clones. */
final class RollbackAuditTest {
    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;
    private final CheckoutTarget target = CheckoutTarget.in(shop, "production");

    @Test
    void a_change_that_failed_at_its_target_is_rolled_back_without_another_signature() throws Exception {
        Change merged = shop.merged("raise-timeout", 60);
        target.reports(merged, Receipt.Outcome.FAILED);
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
        target.reports(shop.merged("raise-timeout", 60), Receipt.Outcome.APPLIED);

        String name = shop.changes().rollback("raise-timeout", "ann").id().name();

        assertThat(refusalOf(() -> shop.changes().merge(name)).rule()).isEqualTo("requirement-unmet");
    }

    @Test
    void a_rollback_behind_the_period_that_was_granted_is_refused() throws Exception {
        shop.merged("raise-timeout", 60);
        String name = shop.changes().rollback("raise-timeout", "ann").id().name();
        shop.vote(name, "frank", Decision.ROLLBACK, "operator");
        String gate = shop.changes().merge(name).id().folder() + "/gate.json";
        Path clone = cloned.fresh();
        Forger forger = new Forger(clone, History.of(cloned, clone));
        Map<String, byte[]> later = forger.altered("main", gate, "2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z");
        forger.mergeOtherwise(
                later,
                merge -> new LogEntry.Merge(
                        merge.seq(),
                        merge.before(),
                        merge.after(),
                        merge.contentRoot(),
                        merge.manifest(),
                        Sha256.of(later.get(gate)),
                        merge.time().plus(Duration.ofHours(24))));

        ClonedShop.Verdict verdict = cloned.verify(clone);

        assertThat(verdict.rules()).contains("requirement-unmet");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("the grant to roll 2026-11-21/raise-timeout back ended at");
    }

    @Test
    void an_agent_of_the_target_triggers_it_by_its_own_receipt_and_the_server_does_not() throws Exception {
        agentAtProduction();
        Change merged = shop.merged("raise-timeout", 60);
        target.reports(merged, Receipt.Outcome.FAILED);
        String name = shop.changes().rollback("raise-timeout", "ann").id().name();
        assertThat(refusalOf(() -> shop.changes().merge(name)).rule()).isEqualTo("requirement-unmet");

        new CheckoutTarget(shop, "production", Shop.key("agent")).reports(merged, Receipt.Outcome.FAILED);
        shop.changes().merge(name);
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text())
                .contains("failed (by an agent of the target)")
                .contains("rollback, 2 path(s), signed by web-production (target)");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_receipt_by_an_agent_of_another_target_is_named() throws Exception {
        agentAtProduction();
        new CheckoutTarget(shop, "production", Shop.key("other-agent"))
                .reports(shop.merged("raise-timeout", 60), Receipt.Outcome.APPLIED);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).containsExactly("unknown-receipt-key");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("the receipt is not signed by one of the 2 keys");
    }

    private void agentAtProduction() {
        shop.open(
                "ann",
                "agents",
                Map.of(
                        "targets/web-production.yaml", target("production", "agent"),
                        "targets/web-test.yaml", target("test", "other-agent")));
        shop.approve("agents");
        shop.changes().merge("agents");
    }

    private static String target(String environment, String agent) {
        return """
                apiVersion: countersign.dev/v1
                kind: Target
                metadata:
                  name: web-%1$s
                spec:
                  environment: %1$s
                  driver: directory
                  directory: {path: %1$s/web}
                  agents: [{key: "%2$s"}]
                """.formatted(environment, Shop.key(agent).publicKey().line());
    }

    @Test
    void a_rollback_is_used_once() {
        target.reports(shop.merged("raise-timeout", 60), Receipt.Outcome.FAILED);
        shop.changes()
                .merge(shop.changes().rollback("raise-timeout", "ann").id().name());
        shop.merged("raise-again", 60);

        assertThat(refusalOf(() -> shop.changes().rollback("raise-timeout", "ann"))
                        .rule())
                .isEqualTo("rollback-used");
    }
}
