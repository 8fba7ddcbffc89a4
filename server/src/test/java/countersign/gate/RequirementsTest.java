package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.manifest.ChangeId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules match a change, and what sets them aside. */
class RequirementsTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";

    @Test
    void every_rule_that_matches_must_be_met() {
        ProposedChange change =
                raise(shop(), PRODUCTION).approvedBy("carol", "approver").approvedBy("dave", "approver");

        assertThat(refusalOf(change.merge()::verify)).hasMessageContaining("approve-production: needs 1 security");
    }

    @Test
    void what_no_rule_matches_is_denied() {
        Shop shop = shop().with("policies/approve-everything.yaml", ShopFiles.rule("approve-everything", """
                                match: {paths: ["systems/**"]}
                                require: [{role: approver, count: 1}]
                                """));

        MergeDraft merge = shop.change("note")
                .touching("README.md", "# Tea\n")
                .touching(TEST, ShopFiles.storefront("test", 8090))
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify))
                .hasMessageContaining("every-path-has-a-rule")
                .hasMessageContaining("1 path(s)")
                .hasMessageContaining("README.md");
    }

    @Test
    void a_tree_without_rules_admits_nothing() {
        Shop shop = shop().without("policies/approve-everything.yaml")
                .without("policies/approve-production.yaml")
                .without("policies/approve-trust.yaml");

        MergeDraft merge = raise(shop, TEST).approvedBy("carol", "approver").merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("every-path-has-a-rule");
    }

    @Test
    void a_rule_that_asks_for_nobody_still_needs_one_person() {
        Shop shop = shop().with(
                        "policies/approve-everything.yaml",
                        ShopFiles.rule("approve-everything", "match: {paths: [\"**\"]}\nrequire: []\n"));

        MergeDraft merge = raise(shop, TEST).approvedBy("carol", "approver").merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("floor: needs 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access/grants/bob-approver.yaml", "policies/approve-trust.yaml", "targets/web-test.yaml"})
    void what_decides_who_may_do_what_needs_two_whatever_the_rules_say(String path) {
        Shop shop = shop().with(
                        "policies/approve-trust.yaml",
                        ShopFiles.rule("approve-trust", "match: {types: [emergency]}\nrequire: []\n"));

        MergeDraft merge = shop.change("trust")
                .touching(path, shop.text(path) + "# more\n")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("floor: needs 2 who did not contribute, has 1");
    }

    @Test
    void nobody_votes_themselves_into_power_by_a_grant() {
        MergeDraft merge = shop().change("grant-me")
                .by("ann")
                .touching(
                        "access/grants/grace-approver.yaml",
                        ShopFiles.grant("grace-approver", "grace", "approver", "{}"))
                .approvedBy("carol", "approver")
                .approvedBy("grace", "approver")
                .merge();

        assertThat(refusalOf(merge::verify))
                .hasMessageContaining("grace (role-not-granted)")
                .hasMessageContaining("needs 2 approver, has 1 (carol)");
    }

    @Test
    void nobody_votes_themselves_into_power_by_a_key() {
        MergeDraft merge = shop().change("key-me")
                .by("ann")
                .touching("access/people/carol.yaml", ShopFiles.person("carol", "carol", "mallory"))
                .approvedBy("dave", "approver")
                .vote(VoteDraft.approval("carol", "approver").signedWith("mallory"))
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("carol (unknown-key)");
    }

    @Test
    void a_rule_is_edited_under_the_rule_as_it_was() {
        MergeDraft merge = shop().change("easier")
                .by("ann")
                .touching(
                        "policies/approve-trust.yaml",
                        ShopFiles.rule("approve-trust", "match: {paths: [nothing]}\nrequire: []\n"))
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-trust: needs 2 approver, has 1");
    }

    @Test
    void a_rule_is_deleted_under_the_rule_as_it_was() {
        MergeDraft merge = shop().change("easier")
                .by("ann")
                .removing("policies/approve-trust.yaml")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-trust: needs 2 approver, has 1");
    }

    @ParameterizedTest
    @CsvSource({
        "environment: production, environment: test",
        "'targets: [web-production]', 'targets: [web-test]'",
        "classification: confidential, classification: public"
    })
    void nothing_escapes_a_rule_by_changing_what_it_matches_on(String matched, String escape) {
        String path = "systems/checkout/checkout-production.yaml";
        Shop shop = shop().with("policies/approve-confidential.yaml", ShopFiles.rule("approve-confidential", """
                                match: {classifications: [confidential]}
                                require: [{role: security, count: 1}]
                                """));
        assertThat(shop.text(path)).contains(matched);

        MergeDraft merge = shop.change("escape")
                .touching(path, shop.text(path).replace(matched, escape))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 1 security, has 0");
    }

    @Test
    void a_system_of_another_environment_on_a_production_target_is_production() {
        String path = "systems/checkout/checkout-test.yaml";
        Shop shop = shop();

        MergeDraft merge = shop.change("sneak")
                .touching(path, shop.text(path).replace("[web-test]", "[web-test, web-production]"))
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-production: needs 2 approver, has 1");
    }

    @Test
    void a_package_is_as_grave_as_the_systems_that_install_it() {
        String path = "packages/storefront-2-4-0.yaml";
        Shop shop = shop();

        MergeDraft merge = shop.change("package")
                .touching(path, shop.text(path).replace("0435", "0436"))
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-production: needs 2 approver, has 1");
    }

    @Test
    void a_payload_file_is_as_grave_as_the_systems_of_its_family() {
        MergeDraft merge = shop().change("banner")
                .touching("systems/storefront/files/banner.html", "<p>Winter teas</p>\n")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-production: needs 2 approver, has 1");
    }

    @Test
    void a_base_is_as_grave_as_the_systems_that_are_put_over_it() {
        Shop shop = shop().with("systems/storefront/storefront-base.yaml", base(60))
                .with("systems/storefront/storefront-test.yaml", over("test"))
                .with("systems/storefront/storefront-production.yaml", over("production"));
        ProposedChange change = shop.change("cache")
                .touching("systems/storefront/storefront-base.yaml", base(90))
                .approvedBy("carol", "approver");

        assertThat(change.manifest().units())
                .extracting(unit -> unit.unit().toString())
                .containsExactly("web-production/storefront-production", "web-test/storefront-test");
        assertThat(refusalOf(change.merge()::verify))
                .hasMessageContaining("approve-production: needs 2 approver, has 1");
    }

    @Test
    void an_environment_of_its_own_value_is_not_touched_by_the_base() {
        Shop shop = shop().with("systems/storefront/storefront-base.yaml", base(60))
                .with("systems/storefront/storefront-test.yaml", over("test"))
                .with(
                        "systems/storefront/storefront-production.yaml",
                        over("production") + "  files: [{path: conf/shop.json, data: {cache: 600}}]\n");

        ProposedChange change = shop.change("cache").touching("systems/storefront/storefront-base.yaml", base(90));

        assertThat(change.manifest().units())
                .extracting(unit -> unit.unit().toString())
                .containsExactly("web-test/storefront-test");
    }

    @Test
    void a_base_that_would_break_what_is_put_over_it_is_refused() {
        Shop shop = shop().with("systems/storefront/storefront-base.yaml", base(60))
                .with("systems/storefront/storefront-test.yaml", over("test"));
        ProposedChange change = shop.change("cache")
                .touching("systems/storefront/storefront-base.yaml", base(90).replace("owner:", "#"));

        assertThat(shop.effect().check(change.proposal())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("missing-field");
            assertThat(finding.message()).contains("owner");
            assertThat(finding.place().path()).isEqualTo("systems/storefront/storefront-test.yaml");
        });
    }

    private static String base(int seconds) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: storefront-base}
                spec:
                  abstract: true
                  owner: {unit: Shop engineering, person: ann}
                  classification: public
                  files:
                    - {path: conf/shop.json, format: json, data: {cache: %d}}
                """.formatted(seconds);
    }

    private static String over(String environment) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: storefront-%1$s}
                spec:
                  base: storefront-base
                  environment: %1$s
                  targets: [web-%1$s]
                """.formatted(environment);
    }

    @Test
    void a_rule_for_a_type_matches_the_declared_type() {
        Shop shop = shop().with("policies/approve-emergency.yaml", ShopFiles.rule("approve-emergency", """
                                match: {types: [emergency]}
                                require: [{role: change-control, count: 1}]
                                """));

        MergeDraft normal = raise(shop, TEST).approvedBy("carol", "approver").merge();
        MergeDraft emergency = raise(shop, TEST)
                .ofType("emergency")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(normal.verify().gate().open()).isTrue();
        assertThat(refusalOf(emergency::verify)).hasMessageContaining("approve-emergency: needs 1 change-control");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            risk: {likelihood: low, impact: low}         | false
            risk: {likelihood: high, impact: medium}     | true
            ticket: SHOP-1                               | true
            """)
    void a_rule_for_a_risk_matches_what_the_request_declares_or_leaves_out(String line, boolean matched) {
        MergeDraft merge = raise(risky(shop()), TEST)
                .requesting(line)
                .approvedBy("carol", "approver")
                .merge();

        assertThat(merge.gate().open()).isEqualTo(!matched);
        if (matched) {
            assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-risky: needs 1 change-control");
        }
    }

    @Test
    void a_critical_system_can_not_be_declared_harmless() {
        Shop shop = risky(shop()).with(TEST, critical(8080));

        MergeDraft merge = shop.change("raise-port")
                .touching(TEST, critical(8090))
                .requesting("risk: {likelihood: medium, impact: low}")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("approve-risky: needs 1 change-control");
    }

    @Test
    void nobody_is_assessed_by_the_table_that_they_bring() {
        String milder = ShopFiles.settings() + """
                  assessment:
                    risk:
                      low: {low: low, medium: low, high: low}
                      medium: {low: low, medium: low, high: low}
                      high: {low: low, medium: low, high: low}
                """;
        ProposedChange change = risky(shop())
                .change("milder")
                .touching("countersign.yaml", milder)
                .requesting("risk: {likelihood: high, impact: high}")
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver");
        assertThat(refusalOf(change.merge()::verify)).hasMessageContaining("approve-risky: needs 1 change-control");
        Shop mild = risky(shop()).with("countersign.yaml", milder);

        MergeDraft merge = raise(mild, TEST)
                .requesting("risk: {likelihood: high, impact: high}")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(merge.verify().gate().open()).isTrue();
    }

    private static Shop risky(Shop shop) {
        return shop.with("policies/approve-risky.yaml", ShopFiles.rule("approve-risky", """
                match: {risks: [high, critical]}
                require: [{role: change-control, count: 1}]
                """));
    }

    private static String critical(int port) {
        return ShopFiles.storefront("test", port).replace("  targets:", "  criticality: critical\n  targets:");
    }

    @Test
    void a_rule_may_demand_that_a_contributor_signed_the_submission() {
        Shop shop = shop().with(
                        "policies/signed.yaml",
                        ShopFiles.rule("signed", "match: {paths: [\"**\"]}\nrequire: []\nsignedSubmit: true\n"));

        MergeDraft unsigned = raise(shop, TEST).approvedBy("carol", "approver").merge();
        MergeDraft byAnother = raise(shop, TEST)
                .submittedBy("bob")
                .approvedBy("carol", "approver")
                .merge();
        MergeDraft signed = raise(shop, TEST)
                .submittedBy("ann")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(unsigned::verify)).hasMessageContaining("signed: needs a submit statement");
        assertThat(refusalOf(byAnother::verify)).hasMessageContaining("signed: needs a submit statement");
        assertThat(signed.verify().gate().contributors()).containsExactly(new GateRecord.Contributor("ann", "signed"));
    }

    @Test
    void a_window_is_judged_at_the_time_of_the_merge() {
        MergeDraft early = raise(shop(), TEST)
                .requesting("window: {notBefore: 2026-11-21T20:00:00Z, notAfter: 2026-11-21T22:00:00Z}")
                .approvedBy("carol", "approver")
                .merge();
        MergeDraft inside = raise(shop().later(Duration.ofHours(11)), TEST)
                .requesting("window: {notBefore: 2026-11-21T20:00:00Z, notAfter: 2026-11-21T22:00:00Z}")
                .approvedBy("carol", "approver")
                .merge();

        assertThat(refusalOf(early::verify))
                .hasMessageContaining("inside-its-window: may merge from 2026-11-21T20:00:00Z");
        assertThat(inside.verify().gate().open()).isTrue();
    }

    @Test
    void unrelated_merges_void_no_vote_and_related_ones_all() {
        Shop shop = shop();
        ProposedChange waiting = raise(shop, TEST).by("ann");
        String manifest = waiting.manifest().digest().hex();

        ChangeId unrelated = shop.change("unrelated")
                .touching("README.md", "# Tea\n")
                .approvedBy("carol", "approver")
                .merge()
                .land();
        String afterUnrelated = waiting.manifest().digest().hex();
        shop.change("related")
                .touching(TEST, ShopFiles.storefront("test", 9000))
                .approvedBy("carol", "approver")
                .merge()
                .land();

        assertThat(unrelated.name()).isEqualTo("unrelated");
        assertThat(afterUnrelated).isEqualTo(manifest);
        assertThat(waiting.manifest().digest().hex()).isNotEqualTo(manifest);
    }

    private static ProposedChange raise(Shop shop, String path) {
        String environment = path.equals(TEST) ? "test" : "production";
        return shop.change("raise-port").by("ann").touching(path, ShopFiles.storefront(environment, 8090));
    }
}
