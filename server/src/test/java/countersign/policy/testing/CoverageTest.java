package countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.document.Document;
import countersign.policy.Given;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a test that fails explains, and what a test that passes has not seen. */
final class CoverageTest {
    private static final Policy POLICY = Given.policy("""
            kind: Policy
            metadata: {name: sample}
            spec:
              conditions:
                - {name: has-ports, expression: has(object.spec.ports)}
              rules:
                - id: ports
                  expression: object.spec.ports.all(p, p > 1024 || p == 443) && !(22 in object.spec.ports)
                  message: a port is reserved
            """);

    private static final String BOTH_WAYS = """
            - {name: good, set: {/object/spec/ports: [443, 8080]}, expect: {decision: allow}}
            - {name: bad, set: {/object/spec/ports: [80]}, expect: {decision: deny}}
            """;

    @Test
    void conditions_that_were_seen_in_one_way_only_are_named_with_their_place() {
        PolicyTestReport.Coverage coverage = run(BOTH_WAYS).coverage().get(0);

        assertThat(coverage.lines())
                .containsExactly(
                        "sample: never false: has(object.spec.ports) (policies/sample.yaml:5:40)",
                        "sample: never false: !(22 in object.spec.ports) (policies/sample.yaml:8:69)",
                        "sample: never true: 22 in object.spec.ports (policies/sample.yaml:8:74)");
        assertThat(coverage.conditions()).isEqualTo(8);
        assertThat(coverage.percent()).isEqualTo(62);
    }

    @Test
    void everything_seen_both_ways_is_full_coverage() {
        PolicyTestReport report = run(BOTH_WAYS + """
                - {name: none, expect: {decision: not-applicable}}
                - {name: shell, set: {/object/spec/ports: [2222, 22]}, expect: {decision: deny}}
                - {name: only shell, set: {/object/spec/ports: []}, expect: {decision: allow}}
                """);

        assertThat(report.failed()).isEmpty();
        assertThat(report.coverage().get(0).gaps())
                .extracting(gap -> gap.part().text())
                .containsExactly("!(22 in object.spec.ports)", "22 in object.spec.ports");
    }

    @Test
    void a_failing_case_shows_its_place_and_the_values_behind_it() {
        PolicyTestResult failed = run("- {name: odd, set: {/object/spec/ports: [80]}, expect: {decision: allow}}\n")
                .results()
                .get(0);

        assertThat(failed.lines())
                .contains(
                        "FAILED sample: odd",
                        "       policies/sample.test.yaml:12:5",
                        "       expected allow, the policy says denied",
                        "       rule ports at policies/sample.yaml:8:19 came to false:",
                        "           p > 1024 = false",
                        "           p = 80");
    }

    @Test
    void a_case_that_was_meant_to_be_stopped_shows_why_it_was_not() {
        PolicyTestResult failed =
                run("- {name: odd, set: {/object/spec/ports: [8080]}, expect: {decision: deny, rules: [ports]}}\n")
                        .results()
                        .get(0);

        assertThat(failed.lines())
                .contains("       expected deny, the policy says passed", "           object.spec.ports = [8080]");
    }

    @Test
    void a_case_that_did_not_apply_shows_the_condition() {
        PolicyTestResult failed =
                run("- {name: odd, expect: {decision: deny}}\n").results().get(0);

        assertThat(String.join("\n", failed.lines()))
                .contains("condition has-ports at policies/sample.yaml:5:", "came to false");
    }

    @Test
    void cases_that_take_too_long_together_are_stopped() {
        Policy policy = Given.rule("'[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c,"
                + " [1,2,3,4,5,6,7,8,9].all(d, a + b + c + d + object.spec.n > 0))))'");
        String cases = "- {name: a, set: {/object/spec/n: 1}, expect: {decision: allow}}\n".repeat(300);

        List<PolicyTestResult> results = new PolicyTestRunner(new PolicyEngine())
                .run(List.of(policy), List.of(test(cases)))
                .results();

        assertThat(results).hasSizeLessThan(300);
        assertThat(results.toString()).contains("the cases before took more than 4000000 steps");
    }

    private static PolicyTestReport run(String cases) {
        return new PolicyTestRunner(new PolicyEngine()).run(List.of(POLICY), List.of(test(cases)));
    }

    private static Document test(String cases) {
        return Given.document("policies/sample.test.yaml", """
                kind: PolicyTest
                metadata: {name: sample}
                spec:
                  policy: sample
                  base:
                    now: "2026-11-23T10:00:00Z"
                    object:
                      kind: SystemConfig
                      metadata: {name: shop}
                      spec: {environment: production}
                  cases:
                """ + cases.indent(2));
    }
}
