package countersign.policy;

import static countersign.policy.Given.created;
import static countersign.policy.Given.input;
import static countersign.policy.Given.policy;
import static countersign.policy.Given.system;
import static countersign.policy.Given.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.Facts;
import countersign.policy.input.Lookups;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How gravely a broken rule is taken, when, and what excepts from it. */
final class EnforcementTest {
    private static final PolicyEngine ENGINE = new PolicyEngine();
    private static final DocumentChange BROKEN = created(system("n: 1"));

    @ParameterizedTest
    @CsvSource({
        "'{default: deny, stages: {push: warn, gate: audit}}', PUSH, WARNED",
        "'{default: deny, stages: {push: warn, gate: audit}}', GATE, AUDITED",
        "'{default: deny, stages: {push: warn, gate: audit}}', MERGE, DENIED",
        "'{default: deny, stages: {push: off}}', PUSH, NOT_APPLICABLE",
        "'{default: warn, stages: {merge: deny}}', MERGE, WARNED",
        "'{default: warn, environments: {production: deny}}', MERGE, DENIED",
        "'{default: warn, stages: {gate: audit}, environments: {production: deny}}', GATE, AUDITED",
        "'{default: deny, effectiveFrom: 2026-11-22}', MERGE, WARNED",
        "'{default: deny, effectiveFrom: 2026-11-21}', MERGE, DENIED",
        "'{default: audit, effectiveFrom: 2026-11-22}', MERGE, AUDITED"
    })
    void the_milder_of_stage_environment_and_day_counts(String enforcement, Stage stage, Outcome outcome) {
        Policy policy = atLeastTwo("enforcement: " + enforcement);

        assertThat(evaluate(policy, List.of(), at(stage, BROKEN)).outcome()).isEqualTo(outcome);
    }

    @Test
    void only_what_the_change_touches_denies_where_the_policy_says_so() {
        Policy policy = atLeastTwo("enforcement: {default: deny, scope: changed}");
        Document old = system("n: 1", "m: 1");

        assertThat(outcome(policy, updated(old, system("n: 1", "m: 2")))).isEqualTo(Outcome.WARNED);
        assertThat(outcome(policy, updated(old, system("n: 0", "m: 1")))).isEqualTo(Outcome.DENIED);
        assertThat(outcome(policy, created(old))).isEqualTo(Outcome.DENIED);
    }

    @Test
    void what_is_excluded_is_not_judged() {
        Policy policy = atLeastTwo("exclude: {names: ['shop-*'], operations: [create]}");

        assertThat(outcome(policy, BROKEN)).isEqualTo(Outcome.NOT_APPLICABLE);
        assertThat(outcome(policy, updated(system("n: 2"), system("n: 1")))).isEqualTo(Outcome.DENIED);
    }

    @Test
    void a_rule_says_what_would_satisfy_it() {
        List<Finding> findings =
                ENGINE.evaluate(List.of(atLeastTwo("")), input(BROKEN)).findings();

        assertThat(findings).extracting(Finding::wayOut).containsExactly("Set n to 2.");
    }

    @ParameterizedTest
    @CsvSource({
        "'{names: [shop-production]}', '[]', 2026-11-21T10:00:00Z, 2026-12-01T00:00:00Z, WAIVED",
        "'{names: [shop-production]}', '[enough]', 2026-11-21T10:00:00Z, 2026-12-01T00:00:00Z, WAIVED",
        "'{names: [shop-production]}', '[other]', 2026-11-21T10:00:00Z, 2026-12-01T00:00:00Z, DENIED",
        "'{names: [shop-staging]}', '[]', 2026-11-21T10:00:00Z, 2026-12-01T00:00:00Z, DENIED",
        "'{paths: [\"systems/**\"], kinds: [KeyInventory]}', '[]', 2026-11-21T10:00:00Z, 2026-12-01T00:00:00Z, DENIED",
        "'{names: [shop-production]}', '[]', 2026-11-21T10:00:01Z, 2026-12-01T00:00:00Z, DENIED",
        "'{names: [shop-production]}', '[]', 2026-11-01T00:00:00Z, 2026-11-21T10:00:00Z, DENIED"
    })
    void a_waiver_excepts_its_documents_from_its_rules_while_it_lasts(
            String match, String rules, String from, String until, Outcome outcome) {
        Waiver waiver = waiver(match, "rules: " + rules, from, until);

        PolicyResult result = evaluate(atLeastTwo(""), List.of(waiver), input(BROKEN));

        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(result.rules()).containsExactly("enough");
        assertThat(result.findings().get(0).blocks()).isEqualTo(outcome == Outcome.DENIED);
        assertThat(result.findings().get(0).message().contains("waived by edge"))
                .isEqualTo(outcome == Outcome.WAIVED);
    }

    @Test
    void a_rule_that_cannot_be_evaluated_is_never_waived() {
        Waiver waiver = waiver("{names: ['*']}", "", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");

        PolicyResult result = evaluate(atLeastTwo(""), List.of(waiver), input(created(system("m: 1"))));

        assertThat(result.outcome()).isEqualTo(Outcome.ERROR);
    }

    @Test
    void a_waiver_names_documents_and_ends_within_ninety_days() {
        Refusal endless = catchThrowableOfType(
                Refusal.class, () -> waiver("{names: [a]}", "", "2026-11-01T00:00:00Z", "2027-01-30T00:00:01Z"));
        Refusal everything = catchThrowableOfType(
                Refusal.class,
                () -> waiver("{environments: [production]}", "", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"));

        assertThat(endless.rule()).isEqualTo("waiver-too-long");
        assertThat(everything.rule()).isEqualTo("waiver-for-everything");
        assertThat(waiver("{names: [a]}", "", "2026-11-01T00:00:00Z", "2027-01-30T00:00:00Z")
                        .policy())
                .isEqualTo("sample");
    }

    @Test
    void a_parameter_takes_its_value_from_the_tree_before_the_change() {
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  params:
                    least: {type: int, from: {document: targets/limits.yaml, at: /spec/keepReleases}}
                  rules: [{id: enough, expression: object.spec.n >= params.least, message: too few}]
                """);

        assertThat(evaluate(policy, List.of(), withTree(limits("1"))).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(evaluate(policy, List.of(), withTree(limits("2"))).outcome()).isEqualTo(Outcome.DENIED);
        assertThat(evaluate(policy, List.of(), withTree(limits("two")))
                        .findings()
                        .toString())
                .contains("must be of type int");
        assertThat(evaluate(policy, List.of(), input(BROKEN)).findings().toString())
                .contains("the tree gives no value for the parameter least");
    }

    @Test
    void the_steps_of_all_documents_of_a_change_are_bounded_together() {
        String rule =
                "    - {id: r%d, expression: \"variables.a.all(x, variables.a.all(y, variables.a.all(z, x + y > z - 99)))\"}\n";
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            rules.append(rule.formatted(i));
        }
        Policy policy = policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  variables:
                    - {name: a, expression: "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]"}
                  rules:
                """ + rules.toString().indent(0));

        PolicyResult result = evaluate(policy, List.of(), input(BROKEN));

        assertThat(result.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(result.findings().toString()).contains("takes more than");
    }

    private static Outcome outcome(Policy policy, DocumentChange touched) {
        return evaluate(policy, List.of(), input(touched)).outcome();
    }

    private static PolicyResult evaluate(Policy policy, List<Waiver> waivers, PolicyInput input) {
        return ENGINE.evaluate(List.of(policy), waivers, input).results().get(0);
    }

    private static PolicyInput at(Stage stage, DocumentChange touched) {
        PolicyInput input = input(touched);
        return new PolicyInput(input.change(), input.documents(), input.facts(), input.now(), stage);
    }

    private static PolicyInput withTree(Document document) {
        PolicyInput input = input(BROKEN);
        Facts facts = new Facts(
                List.of(),
                List::of,
                path -> List.of(),
                path -> Optional.of(document).filter(it -> it.path().equals(path)),
                Lookups.none());
        return new PolicyInput(input.change(), input.documents(), facts, input.now(), input.stage());
    }

    private static Document limits(String keep) {
        return Given.document(
                "targets/limits.yaml", "kind: Target\nmetadata: {name: limits}\nspec: {keepReleases: " + keep + "}\n");
    }

    private static Policy atLeastTwo(String line) {
        return policy("""
                kind: Policy
                metadata: {name: sample}
                spec:
                  rules:
                    - {id: enough, expression: object.spec.n >= 2, message: n is too low, at: [/spec/n], fix: Set n to 2.}
                  %s
                """.formatted(line));
    }

    private static Waiver waiver(String match, String line, String from, String until) {
        return Waiver.read(Given.document(
                "policies/edge.yaml", """
                kind: Waiver
                metadata: {name: edge}
                spec:
                  policy: sample
                  match: %s
                  notBefore: "%s"
                  expires: "%s"
                  %s
                """.formatted(match, Instant.parse(from), Instant.parse(until), line)));
    }
}
