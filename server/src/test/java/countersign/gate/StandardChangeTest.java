package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import countersign.gate.circumstance.FailedReceipt;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Carol approved a template for ports of the storefront in test; what may merge by it without another signature. */
class StandardChangeTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String TEMPLATE = "templates/move-port.yaml";
    private static final ChangeId ALLOWED = new ChangeId("2026-11-21", "allow-ports");

    private final Shop shop = shop().granting("ann", "engineer");

    @Test
    void a_change_from_the_template_merges_by_the_approval_of_the_template_alone() {
        allow();

        GateRecord gate = move(8090).merge().verify().gate();

        assertThat(gate.open()).isTrue();
        assertThat(gate.requirements().get(0)).satisfies(requirement -> {
            assertThat(requirement.rule()).isEqualTo("standard-change/move-port");
            assertThat(requirement.document()).isEqualTo(ALLOWED.folder() + "/manifest.json");
            assertThat(requirement.evidence()).singleElement().satisfies(evidence -> {
                assertThat(evidence.person()).isEqualTo("carol");
                assertThat(evidence.role()).isEqualTo("approver");
                assertThat(evidence.grant()).isEqualTo("access/grants/carol-approver.yaml");
                assertThat(evidence.key())
                        .isEqualTo(Keys.of("carol").publicKey().fingerprint());
            });
        });
    }

    @Test
    void it_is_one_approval_and_no_more() {
        Shop strict = shop.with("policies/approve-everything.yaml", ShopFiles.rule("approve-everything", """
                        match: {paths: ["**"]}
                        require: [{role: approver, count: 2}]
                        """));
        allowedBy(strict, "carol", "dave");

        MergeDraft alone = move(8090).merge();
        MergeDraft twice = move(8090).approvedBy("carol", "approver").merge();
        MergeDraft both = move(8090).approvedBy("dave", "approver").merge();

        assertThat(refusalOf(alone::verify)).hasMessageContaining("needs 2 approver, has 1 (carol)");
        assertThat(refusalOf(twice::verify)).hasMessageContaining("needs 2 approver, has 1 (carol)");
        assertThat(both.verify().gate().open()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port     | server.port: 99        | makes /spec/files/0/data/server.port 99, allowed is from 1024 to 9999
            field    | logging.level: debug   | changes /spec/files/0/data/logging.level
            """)
    void a_value_outside_of_the_scope_is_refused(String what, String line, String problem) {
        allow();
        String text = ShopFiles.storefront("test", 8090)
                .replaceAll(line.substring(0, line.indexOf(':')).replace(".", "\\.") + ": \\w+", line);

        MergeDraft merge = move(8090).touching(TEST, text).merge();

        assertThat(text).contains(line);
        refused(merge, problem);
    }

    @ParameterizedTest
    @CsvSource({
        "systems/storefront/storefront-production.yaml, which is none of the paths",
        "systems/storefront/files/banner.html, which is none of the paths",
        "targets/web-test.yaml, which decides who may do what"
    })
    void a_path_outside_of_the_scope_is_refused(String path, String problem) {
        allow();

        MergeDraft merge =
                move(8090).touching(path, shop.text(path) + "# more\n").merge();

        refused(merge, problem);
    }

    @Test
    void a_document_that_is_new_is_outside_of_a_scope_of_fields() {
        allow();

        MergeDraft merge = move(8090).removing(TEST).merge();

        refused(merge, "adds, removes or replaces " + TEST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reason: Customers asked for it. | reason: Nobody knows why.        | has another reason
            parameters: {port: "8090"}      | parameters: {door: "8090"}       | fills in the parameters [door]
            template: move-port             | template: no-such                | which main lacks
            template: move-port             | classification: public           | names no template
            ticket: SHOP-1                  | rollback: {roles: [engineer], for: PT1H} | permits a rollback
            """)
    void a_request_that_is_not_the_template_s_is_refused(String said, String instead, String problem) {
        allow();

        MergeDraft merge = move(8090, text -> text.replace(said, instead)).merge();

        refused(merge, problem);
    }

    @Test
    void nobody_calls_a_change_standard_that_is_none() {
        Shop generous = shop.with("policies/approve-everything.yaml", ShopFiles.rule("approve-everything", """
                        match: {types: [standard]}
                        require: []
                        """));

        MergeDraft merge = generous.change("move")
                .ofType("standard")
                .touching(TEST, ShopFiles.storefront("test", 8090))
                .approvedBy("carol", "approver")
                .merge();

        refused(merge, "names no template");
    }

    @Test
    void a_template_counts_only_as_its_authority_approved_it() {
        allow();
        String wider = template("2026-11-21/widen").replace("maximum: 9999", "maximum: 65535");
        shop.change("widen")
                .touching(TEMPLATE, wider)
                .approvedBy("dave", "approver")
                .merge()
                .land();

        refused(move(8090).merge(), "which carol did not approve as it stands, in a role that a rule asked for");
    }

    @Test
    void a_template_of_the_genesis_is_approved_by_nobody() {
        shop.with(TEMPLATE, template(ALLOWED.toString()));

        refused(move(8090).merge(), "which carol did not approve as it stands");
    }

    @Test
    void an_approval_of_an_earlier_text_is_none_of_this_one() {
        allow();
        shop.change("widen")
                .touching(TEMPLATE, template(ALLOWED.toString()).replace("maximum: 9999", "maximum: 65535"))
                .approvedBy("carol", "approver")
                .merge()
                .land();

        refused(move(8090).merge(), "which carol did not approve as it stands");
    }

    @Test
    void it_ends_with_its_time_with_the_grant_and_with_the_key() {
        allow();

        refused(move(8090).keyRevoked("carol").merge(), "which was revoked");
        shop.change("leave")
                .removing("access/grants/carol-approver.yaml")
                .approvedBy("bob", "approver")
                .approvedBy("dave", "approver")
                .merge()
                .land();
        refused(move(8090).merge(), "whom no grant of the role approver entitles");
        shop.later(Duration.ofDays(40));
        refused(move(8090).merge(), "the authority of carol counts from");
    }

    @Test
    void who_delegates_asks_for_nothing_and_rejects_nothing() {
        allow();

        refused(move(8090).by("carol").merge(), "has carol among those who made or reject it");
        refused(move(8090).rejectedBy("carol", "approver").merge(), "has carol among those who made or reject it");
    }

    @Test
    void only_who_has_a_role_of_the_authority_uses_it() {
        allow();

        refused(move(8090).by("bob").merge(), "is asked for by bob, who is no engineer");
    }

    @Test
    void a_failure_suspends_it_until_another_text_is_approved() {
        allow();
        ChangeId failed = move(8090).merge().land();
        FailedReceipt receipt = failure(failed);
        refused(again(8091).failed(receipt).merge(), "is suspended since 2026-11-21/move failed or was rolled back");

        shop.change("allow-again")
                .touching(TEMPLATE, template("2026-11-21/allow-again"))
                .approvedBy("carol", "approver")
                .merge()
                .land();

        assertThat(again(8091).failed(receipt).merge().verify().gate().open()).isTrue();
    }

    @Test
    void the_failure_of_another_change_suspends_nothing() {
        allow();
        ChangeId other = shop.change("other")
                .touching(TEST, ShopFiles.storefront("test", 8085))
                .approvedBy("dave", "approver")
                .merge()
                .land();

        assertThat(move(8090).failed(failure(other)).merge().verify().gate().open())
                .isTrue();
    }

    @Test
    void a_rollback_suspends_it_too() {
        allow();
        String before = shop.main();
        ChangeId moved = move(8090).merge().land();
        shop.change(moved.rollbackName())
                .takingBack(moved, before, TEST)
                .approvedBy("dave", "approver")
                .merge()
                .land();

        refused(again(8091).merge(), "is suspended since 2026-11-21/move");
    }

    @Test
    void so_many_uses_end_it_until_another_text_is_approved() {
        allow("allow-ports", 2);
        move(8090).merge().land();
        again(8091).merge().land();

        refused(
                moved("once-more", 8092, text -> text).merge(),
                "which was used 2 times and allows 2, until a merge approves another text of it");

        allow("allow-again", 1);
        moved("once-more", 8092, text -> text).merge().land();
        refused(moved("twice-more", 8093, text -> text).merge(), "which was used 1 times and allows 1");
    }

    @Test
    void changes_that_are_made_from_no_template_are_no_uses_of_it() {
        allow("allow-ports", 1);
        shop.change("other")
                .touching(TEST, ShopFiles.storefront("test", 8085))
                .approvedBy("dave", "approver")
                .merge()
                .land();

        assertThat(move(8090).merge().verify().gate().open()).isTrue();
    }

    @Test
    void a_gate_that_names_another_s_approval_is_found() {
        allow();
        MergeDraft merge = move(8090).merge();
        GateRecord honest = merge.gate();

        merge.gate(new GateRecord(
                honest.engine(),
                honest.manifest(),
                honest.change(),
                honest.time(),
                honest.requirements().stream()
                        .map(requirement -> new Requirement(
                                requirement.rule(),
                                requirement.document(),
                                requirement.role(),
                                requirement.needed(),
                                requirement.state(),
                                requirement.message(),
                                requirement.evidence().stream()
                                        .map(evidence -> new Requirement.Evidence(
                                                "dave",
                                                evidence.role(),
                                                evidence.key(),
                                                "access/grants/dave-approver.yaml",
                                                evidence.vote()))
                                        .toList()))
                        .toList(),
                honest.contributors(),
                honest.policies()));

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("gate-differs");
    }

    private static void refused(MergeDraft merge, String problem) {
        Refusal refusal = refusalOf(merge::verify);
        assertThat(refusal.findings()).anySatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo("standard-change");
            assertThat(finding.message()).contains(problem);
        });
    }

    private void allow() {
        allowedBy(shop, "carol");
    }

    private void allow(String change, int uses) {
        String text = template("2026-11-21/" + change)
                .replace("roles: [engineer]", "roles: [engineer]\n    maximumUses: " + uses);
        shop.change(change)
                .by("ann")
                .touching(TEMPLATE, text)
                .approvedBy("carol", "approver")
                .merge()
                .land();
    }

    private static void allowedBy(Shop shop, String... approvers) {
        ProposedChange change = shop.change(ALLOWED.name()).by("ann").touching(TEMPLATE, template(ALLOWED.toString()));
        for (String approver : approvers) {
            change.approvedBy(approver, "approver");
        }
        change.merge().land();
    }

    private ProposedChange move(int port) {
        return move(port, text -> text);
    }

    private ProposedChange move(int port, UnaryOperator<String> request) {
        return moved("move", port, request);
    }

    private ProposedChange again(int port) {
        return moved("move-again", port, text -> text);
    }

    private ProposedChange moved(String name, int port, UnaryOperator<String> request) {
        return shop.change(name)
                .ofType("standard")
                .titled("Move the storefront to port " + port)
                .requesting("template: move-port")
                .requesting("parameters: {port: \"" + port + "\"}")
                .requesting("ticket: SHOP-1")
                .rewriting(request)
                .touching(TEST, ShopFiles.storefront("test", port));
    }

    private FailedReceipt failure(ChangeId change) {
        Manifest manifest = RollbackRules.merged(shop.before(), change).orElseThrow();
        return new FailedReceipt(
                new LogEntry.Receipt("{}", "", shop.now()),
                1,
                change,
                manifest.digest(),
                new Unit("web-test", "storefront-test"));
    }

    private static String template(String change) {
        return """
                apiVersion: countersign.dev/v1
                kind: ChangeTemplate
                metadata: {name: move-port}
                spec:
                  description: Ports of the storefront in test.
                  type: standard
                  authority:
                    person: carol
                    reason: Done every week.
                    change: %s
                    notBefore: 2026-11-01T00:00:00Z
                    notAfter: 2026-12-01T00:00:00Z
                    roles: [engineer]
                  allows:
                    kinds: [SystemConfig]
                    paths: [systems/storefront/storefront-test.yaml]
                    environments: [test]
                    pointers: [/spec/files/*/data/server.port]
                    bounds:
                      - {pointer: /spec/files/*/data/server.port, minimum: 1024, maximum: 9999}
                    maximumFiles: 1
                  parameters:
                    - {name: port, description: The port.}
                  request:
                    title: Move the storefront to port ${port}
                    reason: Customers asked for it.
                    maintenanceType: perfective
                    plan: {scope: the shop, steps: [Change it.], risk: Small.}
                    test: {plan: Done in test first.}
                    backout: {plan: Restore the former release.}
                    securityImpact: None.
                """.formatted(change);
    }
}
