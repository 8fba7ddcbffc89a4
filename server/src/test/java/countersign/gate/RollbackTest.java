package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.apply.record.Receipt;
import countersign.apply.record.SignedReceipt;
import countersign.gate.circumstance.FailedReceipt;
import countersign.gate.vote.Decision;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A change was merged that lets approvers roll it back for a day; when one signature does. */
class RollbackTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String NAME = "rollback-20261121-raise-port";
    private static final ChangeId RAISED = new ChangeId("2026-11-21", "raise-port");

    private final Shop shop = shop().granting("grace", "on-call");
    private final String before = shop.main();

    @Test
    void one_signature_of_a_granted_role_suffices() {
        raise();

        MergeDraft merge = rollback(NAME).vote(byGrace()).merge();

        assertThat(merge.verify().gate().requirements())
                .extracting(Requirement::rule)
                .containsExactly("rollback-grant");
        assertThat(merge.land().name()).isEqualTo(NAME);
        assertThat(shop.text(TEST)).isEqualTo(ShopFiles.storefront("test", 8080));
    }

    @Test
    void the_requester_of_a_rollback_may_be_the_one_who_signs_it() {
        raise();

        MergeDraft merge = rollback(NAME).by("grace").vote(byGrace()).merge();

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback-20261121-raise", "undo", "rollback-20261120-raise-port"})
    void it_has_the_one_name(String other) {
        raise();

        MergeDraft merge = rollback(other).vote(byGrace()).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-name");
    }

    @Test
    void it_is_not_dated_before_what_it_takes_back() {
        raise();

        MergeDraft merge = rollback(NAME).onDay("2026-11-20").vote(byGrace()).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-name");
    }

    @Test
    void it_is_used_once() {
        raise();
        rollback(NAME).vote(byGrace()).merge().land();
        shop.change("again")
                .touching(TEST, ShopFiles.storefront("test", 8090))
                .approvedBy("carol", "approver")
                .merge()
                .land();

        MergeDraft second = rollback(NAME).onDay("2026-11-22").vote(byGrace()).merge();

        assertThat(refusalOf(second::verify).rule()).isEqualTo("rollback-used");
    }

    @Test
    void another_change_of_that_name_does_not_use_it_up() {
        raise();
        shop.change(NAME)
                .touching("README.md", "# Tea\n")
                .approvedBy("carol", "approver")
                .merge()
                .land();

        MergeDraft merge = rollback(NAME).onDay("2026-11-22").vote(byGrace()).merge();

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @Test
    void it_tramples_no_later_change_and_says_which_paths_and_units_moved() {
        raise();
        shop.change("later")
                .touching(TEST, ShopFiles.storefront("test", 9000))
                .approvedBy("carol", "approver")
                .merge()
                .land();

        MergeDraft merge = rollback(NAME).vote(byGrace()).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-would-trample");
        assertThat(refusalOf(merge::verify))
                .hasMessageContaining(TEST)
                .hasMessageContaining("unit web-test/storefront-test");
    }

    @Test
    void it_tramples_no_unit_whose_plan_moved() {
        raise();
        shop.change("target")
                .touching(
                        "targets/web-test.yaml",
                        ShopFiles.target("web-test", "test").replace("5", "6"))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge()
                .land();

        MergeDraft merge = rollback(NAME).vote(byGrace()).merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-would-trample");
        assertThat(refusalOf(merge::verify)).hasMessageContaining("unit web-test/storefront-test");
    }

    @Test
    void it_restores_nothing_more_and_nothing_less() {
        raise();

        MergeDraft more =
                rollback(NAME).touching("README.md", "# Tea\n").vote(byGrace()).merge();
        MergeDraft less =
                shop.change(NAME).takingBack(RAISED, before).vote(byGrace()).merge();
        MergeDraft other = rollback(NAME)
                .touching(TEST, ShopFiles.storefront("test", 1))
                .vote(byGrace())
                .merge();

        assertThat(refusalOf(more::verify).rule()).isEqualTo("rollback-not-exact");
        assertThat(refusalOf(more::verify)).hasMessageContaining("README.md");
        assertThat(refusalOf(less::verify).rule()).isEqualTo("rollback-not-exact");
        assertThat(refusalOf(other::verify).rule()).isEqualTo("rollback-not-exact");
    }

    @Test
    void what_was_never_merged_is_not_taken_back() {
        MergeDraft merge = rollback(NAME)
                .touching(TEST, ShopFiles.storefront("test", 1))
                .vote(byGrace())
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-of-unmerged");
    }

    @Test
    void a_rollback_names_what_it_takes_back() {
        MergeDraft merge = shop.change("undo")
                .requesting("operation: rollback")
                .touching(TEST, ShopFiles.storefront("test", 1))
                .vote(byGrace())
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-of-nothing");
    }

    @Test
    void only_a_rollback_takes_something_back() {
        ProposedChange change = shop.change("undo").requesting("of: 2026-11-21/raise-port");

        assertThat(refusalOf(change::merge).rule()).isEqualTo("of-without-rollback");
    }

    @Test
    void what_only_touched_trust_folders_is_not_taken_back() {
        ChangeId granted = shop.change("grant")
                .requesting("rollback: {roles: [on-call], for: PT24H}")
                .touching("access/grants/bob-security.yaml", ShopFiles.grant("bob-security", "bob", "security", "{}"))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge()
                .land();

        MergeDraft merge = shop.change("rollback-20261121-grant")
                .takingBack(granted, before)
                .vote(byGrace())
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("rollback-of-nothing");
    }

    @Test
    void after_the_granted_time_the_rules_of_any_change_hold() {
        raise();
        shop.later(Duration.ofHours(24));

        MergeDraft alone = rollback(NAME).vote(byGrace()).merge();
        MergeDraft approved =
                rollback(NAME).vote(byGrace()).approvedBy("carol", "approver").merge();

        assertThat(refusalOf(alone::verify)).hasMessageContaining("approve-everything: needs 1 approver");
        assertThat(approved.verify().gate().open()).isTrue();
    }

    @Test
    void a_role_that_was_not_granted_does_not_roll_back() {
        raise();

        MergeDraft merge = rollback(NAME)
                .vote(VoteDraft.of(Decision.ROLLBACK, "erin", "security"))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-everything: needs 1 approver");
    }

    @Test
    void an_approval_is_no_rollback_statement() {
        raise();

        MergeDraft merge = rollback(NAME).approvedBy("grace", "on-call").merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-everything: needs 1 approver");
    }

    @Test
    void one_signature_grants_no_further_rollback() {
        raise();

        MergeDraft merge = rollback(NAME)
                .requesting("rollback: {roles: [on-call], for: P365D}")
                .vote(byGrace())
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-everything: needs 1 approver");
    }

    @Test
    void the_targets_own_receipt_that_it_failed_suffices() {
        raise();

        MergeDraft merge = rollback(NAME)
                .failed(receipt("server", "failed", "storefront-test"))
                .merge();

        Requirement requirement = merge.verify().gate().requirements().get(0);
        assertThat(requirement.rule()).isEqualTo("rollback-grant");
        assertThat(requirement.evidence()).singleElement().satisfies(evidence -> {
            assertThat(evidence.person()).isEqualTo("web-test");
            assertThat(evidence.role()).isEqualTo("target");
            assertThat(evidence.grant()).isEqualTo("targets/web-test.yaml");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "mallory, failed, storefront-test",
        "carol, failed, storefront-test",
        "vault, failed, storefront-test",
        "server, failed, checkout-test"
    })
    void a_receipt_of_somebody_else_or_of_another_unit_does_not_roll_back(String signer, String said, String system) {
        raise();

        MergeDraft merge = rollback(NAME).failed(receipt(signer, said, system)).merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-everything: needs 1 approver");
    }

    @ParameterizedTest
    @ValueSource(strings = {"applied", "unchanged", "held", "superseded"})
    void a_receipt_that_tells_of_no_failure_is_none(String outcome) {
        raise();

        assertThat(FailedReceipt.of(entry("server", outcome, "storefront-test"), 5))
                .isEmpty();
    }

    @Test
    void the_server_does_not_speak_for_a_target_that_has_agents() {
        String target = ShopFiles.target("web-test", "test") + "  agents: [{key: "
                + Keys.of("agent").publicKey().line() + "}]\n";
        shop.change("agents")
                .touching("targets/web-test.yaml", target)
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge()
                .land();
        raise();

        MergeDraft byServer = rollback(NAME)
                .failed(receipt("server", "failed", "storefront-test"))
                .merge();
        MergeDraft byAgent = rollback(NAME)
                .failed(receipt("agent", "failed", "storefront-test"))
                .merge();

        assertThat(refusalOf(byServer::verify)).hasMessageContaining("approve-everything: needs 1 approver");
        assertThat(byAgent.verify().gate().open()).isTrue();
    }

    @Test
    void after_the_granted_time_a_receipt_does_not_suffice() {
        raise();
        shop.later(Duration.ofHours(24));

        MergeDraft merge = rollback(NAME)
                .failed(receipt("server", "failed", "storefront-test"))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-everything: needs 1 approver");
    }

    @Test
    void a_gate_that_names_a_receipt_which_the_log_does_not_have_is_refused() {
        raise();
        MergeDraft honest = rollback(NAME)
                .failed(receipt("server", "failed", "storefront-test"))
                .merge();
        MergeDraft forged = rollback(NAME).merge();
        GateRecord gate = honest.gate();
        forged.gate(new GateRecord(
                gate.engine(),
                gate.manifest(),
                gate.change(),
                forged.scene().time(),
                gate.requirements(),
                gate.contributors(),
                gate.policies()));

        assertThat(refusalOf(forged::verify).rule()).isEqualTo("requirement-unmet");
    }

    @Test
    void names_that_would_be_too_long_are_cut_and_stay_apart() {
        ChangeId one = new ChangeId("2026-11-21", "a".repeat(62) + "b");
        ChangeId two = new ChangeId("2026-11-21", "a".repeat(62) + "c");

        assertThat(one.rollbackName()).hasSize(63).isNotEqualTo(two.rollbackName());
        assertThat(new ChangeId("2026-11-21", one.rollbackName()).name()).isEqualTo(one.rollbackName());
    }

    private void raise() {
        shop.change("raise-port")
                .requesting("rollback: {roles: [on-call], for: PT24H}")
                .touching(TEST, ShopFiles.storefront("test", 8090))
                .approvedBy("carol", "approver")
                .merge()
                .land();
    }

    private FailedReceipt receipt(String signer, String outcome, String system) {
        return FailedReceipt.of(entry(signer, outcome, system), 7).orElseThrow();
    }

    private LogEntry.Receipt entry(String signer, String outcome, String system) {
        Manifest raised = RollbackRules.merged(shop.before(), RAISED).orElseThrow();
        Receipt receipt = new Receipt(
                new Receipt.About(
                        ShopFiles.ID,
                        ShopFiles.ORIGIN,
                        RAISED,
                        raised.digest(),
                        shop.main(),
                        new Unit("web-test", system),
                        "directory",
                        "server"),
                Receipt.Operation.APPLY,
                null,
                null,
                Receipt.Outcome.valueOf(outcome.toUpperCase(Locale.ROOT)),
                null,
                List.of(),
                null,
                shop.now(),
                shop.now());
        return SignedReceipt.sign(receipt, Keys.of(signer)).entry(shop.now());
    }

    private ProposedChange rollback(String name) {
        return shop.change(name).takingBack(RAISED, before, TEST);
    }

    private static VoteDraft byGrace() {
        return VoteDraft.of(Decision.ROLLBACK, "grace", "on-call");
    }
}
