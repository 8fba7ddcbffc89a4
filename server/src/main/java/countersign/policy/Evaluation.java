package countersign.policy;

import countersign.codec.Finding;
import countersign.codec.Finding.Severity;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.CompiledPolicy.CompiledRule;
import countersign.policy.Enforcement.Level;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.cel.CelProgram;
import countersign.policy.cel.CelProgram.EvaluationFailure;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.PolicyInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One policy's walk over one change. Collects its findings; used once, by one thread. */
final class Evaluation {
    private final Policy policy;
    private final CompiledPolicy programs;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> rules = new TreeSet<>();
    private Outcome outcome = Outcome.NOT_APPLICABLE;

    Evaluation(Policy policy, CompiledPolicy programs) {
        this.policy = policy;
        this.programs = programs;
    }

    /**
     * What all policies of one evaluation share.
     *
     * @param input the input
     * @param ofChange variables of the change
     * @param ofPaths variables of each touched path, filled when first needed
     */
    record Subjects(PolicyInput input, Variables ofChange, Map<String, Variables> ofPaths) {
        Variables of(DocumentChange touched) {
            return ofPaths.computeIfAbsent(touched.path(), path -> ofChange.ofDocument(touched, input.facts()));
        }
    }

    /** What is judged at once: where to look, whom to blame, how gravely. */
    private record Case(Variables variables, @Nullable Document document, String path, Level level) {}

    PolicyResult run(Subjects subjects) {
        List<DocumentChange> matching = subjects.input().documents().stream()
                .filter(policy.match()::matches)
                .toList();
        if (!matching.isEmpty()) {
            switch (policy.subject()) {
                case CHANGE -> judge(changeCase(subjects, matching));
                case DOCUMENT -> matching.forEach(touched -> judge(documentCase(subjects, touched)));
            }
        }
        return new PolicyResult(policy.name(), policy.digest(), outcome, List.copyOf(rules), findings);
    }

    private Case documentCase(Subjects subjects, DocumentChange touched) {
        return new Case(
                subjects.of(touched),
                touched.document().orElse(null),
                touched.path(),
                policy.enforcement().levelFor(touched.environments()));
    }

    private Case changeCase(Subjects subjects, List<DocumentChange> matching) {
        PolicyInput input = subjects.input();
        Optional<Document> request = input.documents().stream()
                .flatMap(touched -> touched.document().stream())
                .filter(document -> document.kind() == Kind.CHANGE_REQUEST)
                .findFirst();
        Set<String> environments = new TreeSet<>(input.change().environments());
        matching.forEach(touched -> environments.addAll(touched.environments()));
        Level level = policy.enforcement().levelFor(environments);
        boolean elsewhere =
                matching.stream().anyMatch(touched -> touched.environments().isEmpty());
        Level strictest = elsewhere && policy.enforcement().standard().compareTo(level) > 0
                ? policy.enforcement().standard()
                : level;
        String path = request.map(Document::path).orElse(matching.get(0).path());
        return new Case(subjects.ofChange(), request.orElse(null), path, strictest);
    }

    private void judge(Case judged) {
        if (judged.level() == Level.OFF) {
            return;
        }
        Variables variables = judged.variables().layer().with("params", programs::params);
        try {
            if (applies(variables)) {
                outcome = outcome.or(Outcome.PASSED);
                Variables computed = compute(variables);
                programs.rules().forEach(rule -> judge(rule, computed, judged));
            }
        } catch (EvaluationFailure failure) {
            fail(String.valueOf(failure.getMessage()), "", judged, Place.file(judged.path()));
        }
    }

    private boolean applies(Variables variables) throws EvaluationFailure {
        for (Map.Entry<String, CelProgram> condition : programs.conditions().entrySet()) {
            if (!named(
                    "condition", condition.getKey(), () -> condition.getValue().isTrue(variables))) {
                return false;
            }
        }
        return true;
    }

    private Variables compute(Variables variables) throws EvaluationFailure {
        Map<String, Object> values = new LinkedHashMap<>();
        Variables computed = variables.layer().with("variables", () -> values);
        for (Map.Entry<String, CelProgram> variable : programs.variables().entrySet()) {
            values.put(
                    variable.getKey(),
                    named(
                            "variable",
                            variable.getKey(),
                            () -> variable.getValue().value(computed)));
        }
        return computed;
    }

    private void judge(CompiledRule rule, Variables variables, Case judged) {
        try {
            if (!named("rule", rule.rule().id(), () -> rule.holds().isTrue(variables))) {
                blame(rule, message(rule, variables), judged);
            }
        } catch (EvaluationFailure failure) {
            rules.add(rule.rule().id());
            Place place = places(rule, judged).get(0);
            fail(String.valueOf(failure.getMessage()), rule.rule().id(), judged, place);
        }
    }

    private void blame(CompiledRule rule, String message, Case judged) {
        outcome = outcome.or(judged.level().outcome());
        rules.add(rule.rule().id());
        for (Place place : places(rule, judged)) {
            findings.add(finding(rule.rule().id(), judged.level().severity(), message, place));
        }
    }

    private String message(CompiledRule rule, Variables variables) throws EvaluationFailure {
        CelProgram computed = rule.message();
        if (computed != null) {
            return String.valueOf(named("message of rule", rule.rule().id(), () -> computed.value(variables)));
        }
        String fixed = rule.rule().message();
        return fixed != null ? fixed : rule.rule().expression().text().strip() + " does not hold";
    }

    private void fail(String message, String rule, Case judged, Place place) {
        outcome = Outcome.ERROR;
        findings.add(finding(
                        rule.isEmpty() ? "error" : rule,
                        Severity.ERROR,
                        judged.path() + " cannot be judged: " + message,
                        place)
                .withWayOut("a rule that cannot be evaluated denies; correct the document or the policy"));
    }

    private Finding finding(String rule, Severity severity, String message, Place place) {
        return new Finding(policy.name() + "/" + rule, severity, message, place, null);
    }

    /** The places to blame: those that the rule names, or the first field that it reads, or the file. */
    private static List<Place> places(CompiledRule rule, Case judged) {
        Document document = judged.document();
        if (document == null) {
            return List.of(Place.file(judged.path()));
        }
        if (!rule.rule().at().isEmpty()) {
            return rule.rule().at().stream().map(document.tree()::placeOf).toList();
        }
        return rule.holds().paths().pointersUnder("object").stream()
                .findFirst()
                .map(pointer -> List.of(document.tree().placeOf(pointer)))
                .orElse(List.of(Place.file(judged.path())));
    }

    /** A step of an evaluation, named in its failure. */
    private interface Step<T> {
        T run() throws EvaluationFailure;
    }

    private static <T> T named(String what, String name, Step<T> step) throws EvaluationFailure {
        try {
            return step.run();
        } catch (EvaluationFailure failure) {
            throw new EvaluationFailure(what + " " + name + ": " + failure.getMessage());
        } catch (Refusal refusal) {
            throw new EvaluationFailure(what + " " + name + ": " + refusal.getMessage());
        }
    }
}
