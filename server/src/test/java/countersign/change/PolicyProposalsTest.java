package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What may be proposed as a policy: one that was tried. */
final class PolicyProposalsTest {
    private static final String POLICY = """
            apiVersion: countersign.dev/v1
            kind: Policy
            metadata: {name: owned}
            spec:
              description: Every system has an owner.
              match: {kinds: [SystemConfig]}
              rules:
                - {id: has-owner, expression: has(object.spec.owner), message: nobody owns it}
              enforcement: {default: deny}
            """;

    private static final String TEST = """
            apiVersion: countersign.dev/v1
            kind: PolicyTest
            metadata: {name: owned}
            spec:
              policy: owned
              base:
                now: "2026-11-23T10:00:00Z"
                object: {kind: SystemConfig, metadata: {name: shop}, spec: {owner: ann}}
              cases:
                - {name: owned, expect: {decision: allow}}
                - {name: nobody's, remove: [/object/spec/owner], expect: {decision: deny}}
            """;

    private static final String WAIVER = """
            apiVersion: countersign.dev/v1
            kind: Waiver
            metadata: {name: shop-unowned}
            spec:
              policy: owned
              match: {names: [shop]}
              reason: The team is being formed.
              requestedBy: ann
              notBefore: "2026-11-01T00:00:00Z"
              expires: "%s"
            """;

    @AutoClose
    private final Shop shop = Shop.open();

    @Test
    void a_policy_with_a_case_each_way_may_be_proposed() {
        assertThat(propose(POLICY, TEST).state()).isNotEqualTo(ChangeState.DRAFT);
    }

    @Test
    void policies_judge_every_system_that_a_base_makes_another() {
        shop.open(
                "ann",
                "base",
                Map.of(
                        "systems/checkout/checkout-base.yaml",
                        base(10),
                        Shop.SYSTEM,
                        """
                        apiVersion: countersign.dev/v1
                        kind: SystemConfig
                        metadata: {name: checkout-production}
                        spec: {base: checkout-base, environment: production, targets: [web-production]}
                        """,
                        "policies/patient.yaml",
                        """
                        apiVersion: countersign.dev/v1
                        kind: Policy
                        metadata: {name: patient}
                        spec:
                          description: Production waits for half a minute at most.
                          match: {kinds: [SystemConfig]}
                          rules:
                            - {id: patient, expression: 'object.spec.files[0].data.timeout <= 30', message: too long}
                          enforcement: {default: deny}
                        """,
                        "policies/patient.test.yaml",
                        """
                        apiVersion: countersign.dev/v1
                        kind: PolicyTest
                        metadata: {name: patient}
                        spec:
                          policy: patient
                          base:
                            now: "2026-11-23T10:00:00Z"
                            object: {kind: SystemConfig, metadata: {name: shop}, spec: {files: [{data: {timeout: 30}}]}}
                          cases:
                            - {name: short, expect: {decision: allow}}
                            - {name: long, set: {/object/spec/files/0/data/timeout: 31}, expect: {decision: deny}}
                        """));
        shop.approve("base");
        shop.changes().merge("base");

        shop.open("ann", "longer", Map.of("systems/checkout/checkout-base.yaml", base(60)));

        assertThat(shop.changes().gate("longer").record().policies().toString())
                .contains("result=denied", "systems/checkout/checkout-base.yaml:11", "too long");
    }

    private static String base(int timeout) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: checkout-base}
                spec:
                  abstract: true
                  owner: {unit: shop, person: ann}
                  classification: public
                  files:
                    - path: checkout.properties
                      format: properties
                      data: {timeout: %d}
                """.formatted(timeout);
    }

    @Test
    void a_policy_without_a_test_is_refused() {
        assertThat(propose(POLICY, null).state()).isEqualTo(ChangeState.DRAFT);
        assertThat(findings()).contains("[policy-untested]", "policies/owned.test.yaml");
    }

    @Test
    void a_policy_whose_rule_nothing_breaks_is_refused() {
        propose(POLICY, TEST.replaceAll("    - \\{name: nobody.*\n", ""));

        assertThat(findings()).contains("[policy-test-failed]", "no case breaks it", "policies/owned.yaml:8:");
    }

    @Test
    void a_policy_whose_case_fails_is_refused_at_the_case() {
        propose(POLICY, TEST.replace("{decision: allow}", "{decision: warn}"));

        assertThat(findings()).contains("[policy-test-failed]", "expected warn", "policies/owned.test.yaml:10:");
    }

    @Test
    void a_waiver_that_lasts_too_long_is_refused() {
        shop.open("ann", "policy", files(POLICY, TEST, WAIVER.formatted("2027-06-01T00:00:00Z")));

        assertThat(findings()).contains("[waiver-too-long]");
    }

    private Change propose(String policy, String test) {
        return shop.open("ann", "policy", files(policy, test, null));
    }

    private static Map<String, String> files(String policy, String test, String waiver) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("policies/owned.yaml", policy);
        if (test != null) {
            files.put("policies/owned.test.yaml", test);
        }
        if (waiver != null) {
            files.put("policies/shop-unowned.yaml", waiver);
        }
        return files;
    }

    private String findings() {
        return shop.changes().preview("policy").findings().toString();
    }
}
