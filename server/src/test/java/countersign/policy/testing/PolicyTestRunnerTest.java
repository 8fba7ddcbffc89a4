package countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.document.Document;
import countersign.policy.Given;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyTestRunnerTest {
    private static final Policy POLICY = Given.policy("""
            kind: Policy
            metadata: {name: sample}
            spec:
              match: {kinds: [SystemConfig]}
              rules:
                - {id: enough, expression: object.spec.n >= 2, message: n is too low, at: [/spec/n]}
            """);

    private static final String GOOD = """
            - {name: two, expect: {decision: allow}}
            - {name: one, set: {/object/spec/n: 1}, expect: {decision: deny, rules: [enough]}}
            """;

    @Test
    void cases_that_come_to_what_they_expect_pass() {
        List<PolicyTestResult> results = run(GOOD);

        assertThat(results)
                .extracting(PolicyTestResult::name)
                .containsExactly("two", "one", "rule enough is tried both ways");
        assertThat(results).allMatch(PolicyTestResult::passed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: x, expect: {decision: deny}}                                      | expected deny, the policy says passed",
                "{name: x, set: {/object/spec/n: 1}, expect: {decision: allow}}           | n is too low",
                "{name: x, set: {/object/spec/n: 1}, expect: {decision: warn}}            | expected warn, the policy says denied",
                "{name: x, set: {/object/spec/n: 1}, expect: {decision: deny, rules: []}} | expected the rules []",
                "{name: x, set: {/object/spec/n: 1}, expect: {decision: deny, message: tall}} | expected a message with",
                "{name: x, set: {/object/spec/n: 1}, expect: {decision: deny, at: /spec/m}}   | expected a place with",
                "{name: x, set: {/object/kind: Person}, expect: {decision: allow}}        | the policy says not-applicable",
                "{name: x, remove: [/object/spec/n], expect: {decision: allow}}           | the policy says error",
                "{name: x, remove: [/object/spec/m], expect: {decision: allow}}           | no place for /object/spec/m",
                "{name: x, expect: {decision: maybe}}                                     | maybe",
                "{name: x, expect: {decision: allow, ruls: []}}                           | unknown-field",
                "{name: x, set: {/objct/spec/n: 1}, expect: {decision: allow}}            | unknown-field"
            })
    void a_case_that_comes_to_anything_else_fails_and_says_why(String line, String complaint) {
        PolicyTestResult result = run(GOOD + "- " + line + "\n").get(2);

        assertThat(result.passed()).isFalse();
        assertThat(result.lines().get(0)).isEqualTo("FAILED sample: x");
        assertThat(String.join("\n", result.lines())).contains(complaint);
    }

    @Test
    void a_rule_that_no_case_breaks_fails() {
        List<PolicyTestResult> results = run("- {name: two, expect: {decision: allow}}\n");

        assertThat(results.get(1).complaints()).containsExactly("no case breaks it");
    }

    @Test
    void a_rule_that_no_case_satisfies_fails() {
        List<PolicyTestResult> results = run("- {name: one, set: {/object/spec/n: 1}, expect: {decision: deny}}\n");

        assertThat(results.get(1).complaints()).containsExactly("no case satisfies it");
    }

    @Test
    void a_policy_without_tests_fails() {
        List<PolicyTestResult> results = new PolicyTestRunner(new PolicyEngine())
                .run(List.of(POLICY), List.of())
                .results();

        assertThat(results)
                .singleElement()
                .satisfies(result -> assertThat(result.complaints()).hasSize(2));
    }

    @Test
    void a_policy_that_does_not_compile_fails_at_its_place() {
        Policy broken = Given.rule("object.spec.n >");

        List<PolicyTestResult> results = new PolicyTestRunner(new PolicyEngine())
                .run(List.of(broken), List.of(test(GOOD)))
                .results();

        assertThat(results)
                .singleElement()
                .satisfies(result -> assertThat(result.place().toString()).startsWith("policies/sample.yaml:6:"));
    }

    @Test
    void a_test_of_a_policy_that_is_not_there_fails() {
        List<PolicyTestResult> results = new PolicyTestRunner(new PolicyEngine())
                .run(List.of(), List.of(test(GOOD)))
                .results();

        assertThat(results).extracting(PolicyTestResult::name).containsExactly("the policy exists");
    }

    private static List<PolicyTestResult> run(String cases) {
        return new PolicyTestRunner(new PolicyEngine())
                .run(List.of(POLICY), List.of(test(cases)))
                .results();
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
                      spec: {environment: production, n: 2}
                  cases:
                """ + cases.indent(2));
    }
}
