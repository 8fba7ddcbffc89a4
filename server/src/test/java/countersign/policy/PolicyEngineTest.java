package countersign.policy;

import static countersign.policy.Given.created;
import static countersign.policy.Given.deleted;
import static countersign.policy.Given.input;
import static countersign.policy.Given.policy;
import static countersign.policy.Given.rule;
import static countersign.policy.Given.system;
import static countersign.policy.Given.updated;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.CanonicalJson;
import countersign.codec.Finding;
import countersign.codec.Finding.Severity;
import countersign.document.Document;
import countersign.policy.PolicyReport.Verdict;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.PolicyInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyEngineTest {
    private static final PolicyEngine ENGINE = new PolicyEngine();

    @Test
    void a_rule_that_holds_passes_without_findings() {
        PolicyReport report = evaluate(rule("object.spec.replicas >= 2"), created(system("replicas: 3")));

        assertThat(report.verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(report.results().get(0).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void a_broken_rule_denies_at_the_line_of_the_field_it_reads() {
        PolicyReport report = evaluate(rule("object.spec.replicas >= 2"), created(system("replicas: 1")));

        assertThat(report.verdict()).isEqualTo(Verdict.DENIED);
        Finding finding = report.findings().get(0);
        assertThat(finding.rule()).isEqualTo("sample/the-rule");
        assertThat(finding.message()).isEqualTo("the rule is broken");
        assertThat(finding.place()).hasToString("systems/shop/shop-production.yaml:5:13");
    }

    @Test
    void a_rule_blames_the_pointers_that_it_names() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  rules:
                    - id: both
                      expression: object.spec.low < object.spec.high
                      messageExpression: "'low is ' + string(object.spec.low) + ', high is ' + string(object.spec.high)"
                      at: [/spec/low, /spec/high]
                """);

        List<Finding> findings =
                evaluate(policy, created(system("low: 5", "high: 4"))).findings();

        assertThat(findings).extracting(Finding::message).containsOnly("low is 5, high is 4");
        assertThat(findings)
                .extracting(finding -> finding.place().toString())
                .containsExactly("systems/shop/shop-production.yaml:5:8", "systems/shop/shop-production.yaml:6:9");
    }

    @Test
    void every_broken_rule_is_reported_not_the_first() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  rules:
                    - {id: one, expression: object.spec.a == 1, message: a is not 1}
                    - {id: two, expression: object.spec.b == 1, message: b is not 1}
                """);

        PolicyResult result =
                evaluate(policy, created(system("a: 2", "b: 2"))).results().get(0);

        assertThat(result.rules()).containsExactly("one", "two");
        assertThat(result.findings()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "empty: null       # object.spec.empty == null               # PASSED",
                "empty: null       # object.spec.empty == 'x'                # DENIED",
                "empty: null       # has(object.spec.empty) && !has(object.spec.none) # PASSED",
                "n: 1              # object.spec.n < 1.5                     # PASSED",
                "n: 1.5            # object.spec.n > 1                       # PASSED",
                "n: 7              # object.spec.n == 7                      # PASSED",
                "n: [1, 2]         # object.spec.n.all(x, x > 0)             # PASSED",
                "n: 1              # 1/0 == 1 || true                        # PASSED",
                "n: 1              # now.getDayOfWeek('Europe/Amsterdam') == 6 # PASSED",
                "n: 1              # object.?spec.?none.?deeper.orValue('x') == 'x' # PASSED",
                "n: 1              # !oldObject.hasValue()                   # PASSED",
                "n: [b, a]         # object.spec.n.sort() == ['a', 'b']      # PASSED",
                "n: abc            # object.spec.n.matches('^[a-c]+$')       # PASSED",
                "n: 1              # !inventory.key('no-such').hasValue()    # PASSED",
                "n: 1              # inventory.system('no-such').?spec.?n.orValue(7) == 7 # PASSED",
                "n: 1              # inventory.system('no-such').value().n == 1 # ERROR",
                "n: [1, 2]         # object.spec.n.all(x, !inventory.upgrade(string(x)).hasValue()) # PASSED",
                "n: 1              # history.failures('no-such', duration('24h')) == 0 # PASSED"
            })
    void values_mean_what_they_say(String spec, String expression, Outcome expected) {
        assertThat(outcome(rule('"' + expression + '"'), created(system(spec)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.replicaz >= 2",
                "1/0 == 1",
                "object.spec.replicas",
                "object.spec.replicas > 'x'",
                "object.spec.empty.deeper == 1",
                "object.spec.huge > 1",
                "timestamp(object.spec.text) < now",
                "object.spec.text[0] == 'x'"
            })
    void what_cannot_be_evaluated_denies_and_says_why(String expression) {
        Document document = system("replicas: 3", "empty: null", "text: x", "huge: 123456789012345678901234567890");

        PolicyReport report = evaluate(rule('"' + expression + '"'), created(document));

        assertThat(report.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(report.results().get(0).outcome()).isEqualTo(Outcome.ERROR);
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.message()).contains("cannot be judged: rule the-rule: ");
            assertThat(finding.wayOut()).isNotNull();
        });
    }

    @Test
    void an_error_denies_even_where_the_policy_only_warns() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  rules: [{id: the-rule, expression: object.spec.none == 1, message: none}]
                  enforcement: {default: warn}
                """);

        assertThat(evaluate(policy, created(system("n: 1"))).verdict()).isEqualTo(Verdict.DENIED);
    }

    @Test
    void a_comprehension_over_everything_thrice_is_stopped() {
        Document document = system("list: " + Collections.nCopies(200, 1L));
        String expression = "object.spec.list.all(x, object.spec.list.all(y, object.spec.list.all(z, x == y)))";

        PolicyReport report = evaluate(rule('"' + expression + '"'), created(document));

        assertThat(report.results().get(0).outcome()).isEqualTo(Outcome.ERROR);
    }

    @Test
    void running_out_of_steps_is_not_absorbed_by_or() {
        Document document = system("list: " + Collections.nCopies(150, 1L));
        String heavy = "object.spec.list.all(x, object.spec.list.all(y, x == y && x + y + x + y + x + y + x + y + x + y"
                + " + x + y + x + y + x + y + x + y + x + y + x + y + x + y == y + x + 22))";

        PolicyReport report = evaluate(rule('"' + heavy + " || true\""), created(document));

        assertThat(report.results().get(0).outcome()).isEqualTo(Outcome.ERROR);
        assertThat(report.findings().get(0).message()).contains("steps");
    }

    @Test
    void text_that_doubles_and_doubles_is_stopped() {
        StringBuilder yaml = new StringBuilder("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  variables:
                    - {name: v0, expression: "'0123456789'"}
                """);
        for (int i = 1; i < 30; i++) {
            yaml.append("    - {name: v%d, expression: variables.v%d + variables.v%d}\n".formatted(i, i - 1, i - 1));
        }
        yaml.append("  rules: [{id: the-rule, expression: variables.v29 != '', message: none}]\n");

        PolicyReport report = evaluate(policy(yaml.toString()), created(system("n: 1")));

        assertThat(report.findings())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).contains("variable v13").contains("65536"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "string('yes')                           | expected type 'bool' but found 'string'",
                "size(files)                             | expected type 'bool' but found 'int'",
                "files.exists(f, f.kond == 'x')          | undefined field 'kond'",
                "change.requestr == 'ann'                | undefined field 'requestr'",
                "objekt.spec.n == 1                      | undeclared reference to 'objekt'",
                "'a' + 1 == 'b'                          | found no matching overload",
                "variables.none == 1                     | variables.none is not declared",
                "params.none == 1                        | params.none is not declared",
                "object.spec.n ==                        | mismatched input"
            })
    void a_rule_that_does_not_compile_is_refused_at_its_place(String expression, String message) {
        Policy policy = rule('"' + expression + '"');

        List<Finding> findings = ENGINE.check(policy);

        assertThat(findings)
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.place().path()).isEqualTo("policies/sample.yaml"));
        assertThat(findings.get(0).message()).contains(message);
        assertThat(findings.get(0).place().line()).isEqualTo(6);
        assertThat(evaluate(policy, created(system("n: 1"))).verdict()).isEqualTo(Verdict.DENIED);
    }

    @Test
    void a_proposed_policy_is_checked_for_its_shape_and_its_rules() {
        assertThat(checked("{id: a, expression: object.spec.n == 1, message: m}"))
                .isEmpty();
        assertThat(checked("{id: a, expression: object.spec.n ==, message: m}")).containsExactly("cel-compile");
        assertThat(checked("{id: a, message: m}")).containsExactly("missing-field");
    }

    @Test
    void a_rule_over_the_change_cannot_ask_for_an_object() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  subject: change
                  rules: [{id: the-rule, expression: object.spec.n == 1, message: none}]
                """);

        assertThat(ENGINE.check(policy))
                .extracting(Finding::message)
                .first()
                .asString()
                .contains("'object'");
    }

    @Test
    void a_condition_that_does_not_hold_makes_a_policy_not_applicable() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  conditions: [{name: has-tls, expression: has(object.spec.tls)}]
                  variables: [{name: version, expression: object.spec.tls.version}]
                  params: {least: {type: int, default: 3}}
                  rules: [{id: the-rule, expression: variables.version >= params.least, message: too low}]
                """);

        assertThat(outcome(policy, created(system("n: 1")))).isEqualTo(Outcome.NOT_APPLICABLE);
        assertThat(outcome(policy, created(system("tls: {version: 2}")))).isEqualTo(Outcome.DENIED);
        assertThat(outcome(policy, created(system("tls: {version: 3}")))).isEqualTo(Outcome.PASSED);
    }

    @Test
    void old_and_new_sides_are_seen_by_a_rule() {
        Policy policy = rule(
                "operation == 'delete' || !oldObject.hasValue()" + " || object.spec.n >= oldObject.value().spec.n");

        assertThat(outcome(policy, created(system("n: 1")))).isEqualTo(Outcome.PASSED);
        assertThat(outcome(policy, updated(system("n: 2"), system("n: 1")))).isEqualTo(Outcome.DENIED);
        assertThat(outcome(policy, deleted(system("n: 1")))).isEqualTo(Outcome.PASSED);
    }

    @ParameterizedTest
    @CsvSource({
        "deny, DENIED, DENIED",
        "warn, WARNED, ALLOWED",
        "audit, AUDITED, ALLOWED",
        "off, NOT_APPLICABLE, ALLOWED"
    })
    void the_level_of_the_environment_decides_how_grave_a_finding_is(String level, Outcome outcome, Verdict verdict) {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  rules: [{id: the-rule, expression: object.spec.n == 1, message: not one}]
                  enforcement: {default: deny, environments: {production: %s}}
                """.formatted(level));

        PolicyReport report = evaluate(policy, created(system("n: 2")));

        assertThat(report.results().get(0).outcome()).isEqualTo(outcome);
        assertThat(report.verdict()).isEqualTo(verdict);
    }

    @Test
    void a_change_is_judged_at_the_strictest_level_of_what_it_touches() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  subject: change
                  rules: [{id: the-rule, expression: size(approvals) > 0, message: nobody approved}]
                  enforcement: {default: deny, environments: {production: warn}}
                """);
        DocumentChange person = created(Given.document("access/people/ann.yaml", """
                kind: Person
                metadata: {name: ann}
                spec: {}
                """));

        assertThat(outcome(policy, created(system("n: 1")))).isEqualTo(Outcome.WARNED);
        assertThat(outcome(policy, created(system("n: 1")), person)).isEqualTo(Outcome.DENIED);
    }

    @Test
    void the_same_input_gives_the_same_bytes_whatever_the_order_of_policies() {
        List<Policy> policies = new ArrayList<>();
        for (String name : List.of("b", "a", "c")) {
            policies.add(policy("""
                    kind: Policy
                    metadata: {name: %s}
                    spec:
                      rules:
                        - {id: z, expression: object.spec.n == 1, message: not one}
                        - {id: a, expression: object.spec.m == 1, message: not one either}
                    """.formatted(name)));
        }
        PolicyInput input = input(created(system("n: 2", "m: 2")));

        String first = text(ENGINE.evaluate(policies, input));
        Collections.reverse(policies);
        String second = text(new PolicyEngine().evaluate(policies, input));

        assertThat(second).isEqualTo(first).contains("\"verdict\":\"denied\"").contains("/spec/n");
    }

    private static List<String> checked(String rule) {
        String yaml = "kind: Policy\nmetadata: {name: sample}\nspec: {rules: [" + rule + "]}\n";
        return ENGINE
                .check(Given.document("policies/sample.yaml", yaml), yaml.getBytes(StandardCharsets.UTF_8))
                .stream()
                .map(Finding::rule)
                .toList();
    }

    private static String text(PolicyReport report) {
        return new String(CanonicalJson.write(report.toMap()), StandardCharsets.UTF_8);
    }

    private static Outcome outcome(Policy policy, DocumentChange... touched) {
        return evaluate(policy, touched).results().get(0).outcome();
    }

    private static PolicyReport evaluate(Policy policy, DocumentChange... touched) {
        return ENGINE.evaluate(List.of(policy), input(touched));
    }
}
