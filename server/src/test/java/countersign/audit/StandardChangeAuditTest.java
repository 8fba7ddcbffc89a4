package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.Receipt;
import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.wish.Opening;
import countersign.gate.vote.Decision;
import countersign.repository.Edit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Standard changes at the server, and in its clones without it. */
final class StandardChangeAuditTest {
    private static final String TEST = "systems/checkout/checkout-test.yaml";
    private static final String TEMPLATE = "templates/time-out.yaml";

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;
    private final CheckoutTarget target = CheckoutTarget.in(shop, "test");

    @Test
    void a_standard_change_merges_without_a_vote_and_a_clone_proves_that_it_might() throws Exception {
        allow("allow");
        Change opened = standard("longer", 60);
        assertThat(opened.state()).isEqualTo(ChangeState.APPROVED);
        assertThat(opened.template()).isEqualTo("time-out");

        shop.changes().merge("longer");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(shop.changes().votes("longer")).isEmpty();
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text()).contains("signed by carol (approver)");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void after_a_failure_the_server_refuses_the_next_until_the_template_is_approved_again() throws Exception {
        allow("allow");
        standard("longer", 60);
        target.reports(shop.changes().merge("longer"), Receipt.Outcome.FAILED);

        assertThat(standard("longest", 90).state()).isEqualTo(ChangeState.REVIEW);
        assertThat(refusalOf(() -> shop.changes().merge("longest"))).hasMessageContaining("is suspended since");
        allow("allow-again");
        shop.changes().merge("longest");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_rollback_suspends_a_template_for_both_judges() throws Exception {
        allow("allow");
        standard("longer", 60);
        shop.changes().merge("longer");
        Change back = shop.changes().rollback("longer", "ann");
        shop.vote(back.id().name(), "carol", Decision.APPROVE, "approver");
        shop.changes().merge(back.id().name());
        assertThat(standard("longest", 90).state()).isEqualTo(ChangeState.REVIEW);
        assertThat(refusalOf(() -> shop.changes().merge("longest"))).hasMessageContaining("is suspended since");

        allow("allow-again");
        shop.changes().merge("longest");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void uses_beyond_the_last_are_refused_and_both_judges_count_them() throws Exception {
        allow(
                "allow",
                template(Shop.DAY + "/allow")
                        .replace("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z\n    maximumUses: 2"));
        standard("longer", 60);
        shop.changes().merge("longer");
        standard("longest", 90);
        shop.changes().merge("longest");

        assertThat(standard("too-long", 95).state()).isEqualTo(ChangeState.REVIEW);
        assertThat(refusalOf(() -> shop.changes().merge("too-long")))
                .hasMessageContaining("was used 2 times and allows 2");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_template_that_a_tainted_merge_approved_taints_what_it_lets_pass() throws Exception {
        shop.open(
                "ann",
                "allow",
                Map.of(
                        TEMPLATE,
                        template(Shop.DAY + "/allow"),
                        "access/grants/bob-approver.yaml",
                        Shop.grant("bob", "approver")));
        shop.vote("allow", "carol", Decision.APPROVE, "approver");
        shop.vote("allow", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("allow");
        standard("longer", 60);
        shop.changes().merge("longer");
        shop.revoke("dave", "dave", 1L);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).contains("tainted-state");
        assertThat(verdict.text())
                .contains("TAINTED: standard-change/time-out rests on changes/2026-11-21/allow/manifest.json")
                .contains(TEST + ": stands as #2 2026-11-21/longer left it");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains(TEST);
    }

    @Test
    void an_older_database_comes_to_the_same_answer() {
        allow("allow");
        standard("longer", 60);
        target.reports(shop.changes().merge("longer"), Receipt.Outcome.FAILED);
        standard("longest", 90);

        shop.restart(true, countersign.log.Faults.NONE);

        assertThat(refusalOf(() -> shop.changes().merge("longest"))).hasMessageContaining("is suspended since");
    }

    private void allow(String change) {
        allow(change, template(Shop.DAY + "/" + change));
    }

    private void allow(String change, String text) {
        shop.open("ann", change, Map.of(TEMPLATE, text));
        shop.vote(change, "carol", Decision.APPROVE, "approver");
        shop.changes().merge(change);
    }

    private Change standard(String name, int timeout) {
        Map<String, Edit> edits = new HashMap<>();
        edits.put(TEST, Shop.write(Shop.system("test", timeout)));
        edits.put(
                "changes/" + Shop.DAY + "/" + name + ".yaml",
                Shop.write("""
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata: {name: %s}
                spec:
                  type: standard
                  template: time-out
                  parameters: {seconds: "%d"}
                  requester: ann
                  contact: ann@shop.example
                """.formatted(name, timeout) + SAID.replace("${seconds}", Integer.toString(timeout))));
        return shop.changes().open("ann", new Opening("Change " + name, edits));
    }

    private static final String SAID = """
              title: Wait ${seconds} seconds
              reason: Payments time out.
              maintenanceType: corrective
              plan: {scope: checkout, steps: [merge], risk: low}
              test: {plan: watch the error rate}
              backout: {plan: roll back}
              securityImpact: none
            """;

    private static String template(String change) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeTemplate
                metadata: {name: time-out}
                spec:
                  description: Time-outs of the checkout in test.
                  type: standard
                  authority:
                    person: carol
                    reason: Done every week.
                    change: %s
                    notBefore: 2026-11-01T00:00:00Z
                    notAfter: 2026-12-01T00:00:00Z
                  allows:
                    paths: [systems/checkout/checkout-test.yaml]
                    pointers: [/spec/files/0/data/timeout]
                    bounds: [{pointer: /spec/files/0/data/timeout, maximum: 100}]
                  parameters:
                    - {name: seconds, description: How many.}
                  request:
                """.formatted(change) + SAID.indent(2);
    }
}
