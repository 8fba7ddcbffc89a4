package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.stop.StopDesk;
import countersign.change.store.ChangeState;
import countersign.gate.stop.LoggedStop;
import countersign.gate.stop.StopOrder;
import countersign.gate.stop.StopOrder.Decision;
import countersign.gate.vote.Statement;
import countersign.log.Faults;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A stop of everything: at the server, and in clones of it. */
final class StopAuditTest {
    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @Test
    void while_everything_is_stopped_nothing_merges_and_a_clone_proves_it() throws Exception {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        order("frank", Decision.STOP, "change-control", "Attack on the gateway.");

        assertThat(refusalOf(() -> shop.changes().merge("raise-timeout")))
                .satisfies(refusal -> assertThat(refusal.rule()).isEqualTo("stopped"))
                .hasMessageContaining("by frank (change-control")
                .hasMessageContaining("Attack on the gateway.");
        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.APPROVED);
        order("frank", Decision.RESUME, "change-control", "Repelled.");
        shop.changes().merge("raise-timeout");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text()).contains("stop: Attack on the gateway.", "resume: Repelled.");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_stop_outlives_the_server_and_its_database() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        order("frank", Decision.STOP, "change-control", "Attack.");

        shop.restart(false, Faults.NONE);
        assertThat(shop.changes().stop().standing())
                .map(LoggedStop::message)
                .hasValueSatisfying(message -> assertThat(message).contains("Attack."));
        shop.restart(true, Faults.NONE);

        assertThat(refusalOf(() -> shop.changes().merge("raise-timeout")).rule())
                .isEqualTo("stopped");
    }

    @Test
    void who_may_not_stops_nothing() {
        assertThat(refused("carol", Decision.STOP, "approver", "No.")).isEqualTo("role-not-granted");
        assertThat(refused("carol", Decision.STOP, "change-control", "No.")).isEqualTo("role-not-granted");
        assertThat(refused("frank", Decision.STOP, "change-control", " ")).isEqualTo("reason-missing");
        assertThat(refused("frank", Decision.RESUME, "change-control", "Go on."))
                .isEqualTo("not-stopped");
        shop.revoke("frank", "frank", null);
        assertThat(refused("frank", Decision.STOP, "change-control", "Lost.")).isEqualTo("key-revoked");
        assertThat(shop.changes().stop().standing()).isEmpty();
    }

    @Test
    void an_altered_order_is_none() {
        StopOrder order = draft("frank", Decision.STOP, "change-control", "Attack.");
        String signature = Shop.key("frank").sign(Statement.NAMESPACE, order.bytes());
        byte[] altered = new String(order.bytes(), StandardCharsets.UTF_8)
                .replace("Attack.", "Joke.")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(refusalOf(() -> shop.changes().stop().order(altered, signature))
                        .rule())
                .isEqualTo("bad-signature");
    }

    @Test
    void a_server_that_merges_against_a_stop_is_named() throws Exception {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        StopOrder order = draft("frank", Decision.STOP, "change-control", "Attack.");
        shop.log()
                .append(LoggedStop.entry(
                        order.bytes(), Shop.key("frank").sign(Statement.NAMESPACE, order.bytes()), shop.now.get()));

        shop.changes().merge("raise-timeout");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).containsExactly("stopped");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("merged while stopped by frank");
    }

    @Test
    void an_order_to_go_on_that_a_server_logs_again_lifts_no_later_stop() throws Exception {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        order("frank", Decision.STOP, "change-control", "Attack.");
        StopOrder resume = draft("frank", Decision.RESUME, "change-control", "Repelled.");
        String signature = Shop.key("frank").sign(Statement.NAMESPACE, resume.bytes());
        shop.changes().stop().order(resume.bytes(), signature);
        order("frank", Decision.STOP, "change-control", "They are back.");

        String refused = refusalOf(() -> shop.changes().stop().order(resume.bytes(), signature))
                .rule();
        shop.log().append(LoggedStop.entry(resume.bytes(), signature, shop.now.get()));
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(refused).isEqualTo("order-older-than-stop");
        assertThat(verdict.rules()).containsExactly("order-older-than-stop");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("order-older-than-stop");
    }

    private String refused(String person, Decision decision, String role, String reason) {
        return refusalOf(() -> order(person, decision, role, reason)).rule();
    }

    private void order(String person, Decision decision, String role, String reason) {
        StopOrder order = draft(person, decision, role, reason);
        shop.changes().stop().order(order.bytes(), Shop.key(person).sign(Statement.NAMESPACE, order.bytes()));
    }

    private StopOrder draft(String person, Decision decision, String role, String reason) {
        return shop.changes().stop().draft(new StopDesk.Wish(person, decision, role, reason, "manual"));
    }
}
