package countersign.policy;

import static countersign.policy.Given.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyTest {
    private static final String HEAD = """
            kind: Policy
            metadata: {name: sample}
            spec:
            """;

    private static final String RULES = "  rules: [{id: a, expression: 'true', message: m}]\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  rules: []                                   | rule-count",
                "  onError: allow                              | on-error",
                "  match: {kinds: [Sistem]}                    | unknown-kind",
                "  match: {operations: [merge]}                | unknown-operation",
                "  match: {kindz: [Person]}                    | unknown-field",
                "  enforcement: {default: shout}               | wrong-type",
                "  enforcement: {environments: {test: shout}}  | wrong-type",
                "  params: {n: {type: int, default: 123456789012345678901234567890}} | number-range",
                "  params: {n: {type: int, default: many}}     | parameter-type",
                "  params: {n: {type: list(string), default: [1]}} | parameter-type",
                "  params: {n: {type: duration, default: 3 days}} | parameter-type",
                "  params: {n: {type: timestamp, default: soon}} | parameter-type",
                "  params: {n: {type: set(string), default: []}} | unknown-type",
                "  params: {n: {type: int}}                    | parameter-missing",
                "  params: {n: {type: int, default: 1, max: 2}} | unknown-field",
                "  enforcement: {stages: {lunch: warn}}        | unknown-stage",
                "  enforcement: {scope: all}                   | wrong-type",
                "  exclude: {kinds: [Sistem]}                  | unknown-kind",
                "  surprise: 1                                 | unknown-field",
                "  variables: [{name: a, expression: '1'}, {name: a, expression: '2'}] | duplicate-name"
            })
    void a_shape_that_is_not_a_policys_is_refused_by_name(String line, String rule) {
        String rules = line.contains("rules:") ? "" : RULES;

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> policy(HEAD + "  " + line.strip() + "\n" + rules));

        assertThat(refusal.rule()).isEqualTo(rule);
    }

    @Test
    void two_rules_of_one_id_are_refused() {
        String twice = "  rules: [{id: a, expression: 'true', message: m}, {id: a, expression: 'true', message: m}]\n";

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> policy(HEAD + twice));

        assertThat(refusal.rule()).isEqualTo("duplicate-name");
    }

    @Test
    void an_error_in_a_plain_scalar_is_at_its_column() {
        assertThat(placeOfError("      expression: object.spec.n == 1 && wrong.x"))
                .isEqualTo("policies/sample.yaml:6:41");
    }

    @Test
    void an_error_in_a_quoted_scalar_is_at_its_column() {
        assertThat(placeOfError("      expression: \"object.spec.n == 1 && wrong.x\""))
                .isEqualTo("policies/sample.yaml:6:42");
    }

    @Test
    void an_error_in_a_folded_or_literal_block_is_at_its_own_line() {
        String lines = "\n        object.spec.n == 1\n        && object.spec.m == 2\n        && wrong.x";

        assertThat(placeOfError("      expression: >-" + lines)).isEqualTo("policies/sample.yaml:9:12");
        assertThat(placeOfError("      expression: |" + lines)).isEqualTo("policies/sample.yaml:9:12");
    }

    private static String placeOfError(String expression) {
        Policy policy = policy(HEAD + "  rules:\n    - id: a\n" + expression + "\n      message: m\n");
        List<Finding> findings = new PolicyEngine().check(policy);
        return String.valueOf(findings.get(0).place());
    }
}
