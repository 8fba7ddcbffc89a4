package countersign.policy;

import countersign.codec.Finding;
import countersign.codec.Finding.Severity;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.CompiledPolicy.CompiledRule;
import countersign.policy.Enforcement.Level;
import countersign.policy.Enforcement.Scope;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.cel.CelProgram;
import countersign.policy.cel.CelProgram.EvaluationFailure;
import countersign.policy.cel.Observation;
import countersign.policy.cel.Run;
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
    private static final long MAX_STEPS = 2_000_000;
    private static final long MAX_STEPS_MORE = 20_000;

    private final Policy policy;
    private final CompiledPolicy programs;
    private final Subjects subjects;
    private final List<Waiver> waivers;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> rules = new TreeSet<>();
    private Outcome outcome = Outcome.NOT_APPLICABLE;

    Evaluation(Policy policy, CompiledPolicy programs, Subjects subjects) {
        this.policy = policy;
        this.programs = programs;
        this.subjects = subjects;
        this.waivers = subjects.waivers().isEmpty()
                ? List.of()
                : subjects.waivers().stream()
                        .filter(waiver -> waiver.isFor(policy, subjects.input().now()))
                        .toList();
    }

    /**
     * What all policies of one evaluation share.
     *
     * @param input the input
     * @param waivers exceptions of all policies
     * @param observation who watches, if anybody does
     * @param ofChange variables of the change
     * @param ofPaths variables of each touched path, filled when first needed
     */
    record Subjects(
            PolicyInput input,
            List<Waiver> waivers,
            Optional<Observation> observation,
            Variables ofChange,
            Map<String, Variables> ofPaths) {
        Variables of(DocumentChange touched) {
            return ofPaths.computeIfAbsent(touched.path(), path -> ofChange.ofDocument(touched, input.facts()));
        }
    }

    /** What is judged at once: where to look, whom to blame, how gravely, and what all of it is about. */
    private record Case(
            Variables variables, @Nullable Document document, String path, Level level, List<DocumentChange> touched) {}

    PolicyResult run() {
        List<DocumentChange> matching =
                subjects.input().documents().stream().filter(policy::judges).toList();
        if (!matching.isEmpty()) {
            judge(
                    switch (policy.subject()) {
                        case CHANGE -> List.of(changeCase(matching));
                        case DOCUMENT ->
                            matching.stream().map(this::documentCase).toList();
                    });
        }
        return new PolicyResult(policy.name(), policy.digest(), outcome, List.copyOf(rules), findings);
    }

    private Case documentCase(DocumentChange touched) {
        PolicyInput input = subjects.input();
        return new Case(
                subjects.of(touched),
                touched.document().orElse(null),
                touched.path(),
                policy.enforcement().levelFor(touched.environments(), input.stage(), input.now()),
                List.of(touched));
    }

    private Case changeCase(List<DocumentChange> matching) {
        PolicyInput input = subjects.input();
        Optional<Document> request = input.documents().stream()
                .flatMap(touched -> touched.document().stream())
                .filter(document -> document.kind() == Kind.CHANGE_REQUEST)
                .findFirst();
        Set<String> environments = new TreeSet<>(input.change().environments());
        matching.forEach(touched -> environments.addAll(touched.environments()));
        Level level = policy.enforcement().levelFor(environments, input.stage(), input.now());
        Level standard = policy.enforcement().level(input.stage(), input.now());
        boolean elsewhere =
                matching.stream().anyMatch(touched -> touched.environments().isEmpty());
        Level strictest = elsewhere && standard.compareTo(level) > 0 ? standard : level;
        String path = request.map(Document::path).orElse(matching.get(0).path());
        List<DocumentChange> touched =
                matching.stream().filter(it -> !request.equals(it.document())).toList();
        return new Case(subjects.ofChange(), request.orElse(null), path, strictest, touched);
    }

    private void judge(List<Case> cases) {
        Run run = new Run(MAX_STEPS + MAX_STEPS_MORE * cases.size(), subjects.observation());
        try {
            Object params = named(
                    "parameters",
                    "of the policy",
                    () -> programs.params(subjects.input().facts()));
            cases.forEach(judged -> judge(judged, params, run));
        } catch (EvaluationFailure failure) {
            fail(
                    String.valueOf(failure.getMessage()),
                    "",
                    cases.get(0),
                    Place.file(cases.get(0).path()));
        }
    }

    private void judge(Case judged, Object params, Run run) {
        if (judged.level() == Level.OFF) {
            return;
        }
        Variables variables = judged.variables().layer().with("params", () -> params);
        try {
            if (applies(variables, run)) {
                outcome = outcome.or(Outcome.PASSED);
                Variables computed = compute(variables, run);
                programs.rules().forEach(rule -> judge(rule, computed, judged, run));
            }
        } catch (EvaluationFailure failure) {
            fail(String.valueOf(failure.getMessage()), "", judged, Place.file(judged.path()));
        }
    }

    private boolean applies(Variables variables, Run run) throws EvaluationFailure {
        for (Map.Entry<String, CelProgram> condition : programs.conditions().entrySet()) {
            if (!named(
                    "condition", condition.getKey(), () -> condition.getValue().isTrue(variables, run))) {
                return false;
            }
        }
        return true;
    }

    private Variables compute(Variables variables, Run run) throws EvaluationFailure {
        Map<String, Object> values = new LinkedHashMap<>();
        Variables computed = variables.layer().with("variables", () -> values);
        for (Map.Entry<String, CelProgram> variable : programs.variables().entrySet()) {
            values.put(
                    variable.getKey(),
                    named(
                            "variable",
                            variable.getKey(),
                            () -> variable.getValue().value(computed, run)));
        }
        return computed;
    }

    private void judge(CompiledRule rule, Variables variables, Case judged, Run run) {
        try {
            if (!named("rule", rule.rule().id(), () -> rule.holds().isTrue(variables, run))) {
                blame(rule, message(rule, variables, run), judged);
            }
        } catch (EvaluationFailure failure) {
            rules.add(rule.rule().id());
            Place place = places(rule, judged).get(0);
            fail(String.valueOf(failure.getMessage()), rule.rule().id(), judged, place);
        }
    }

    private void blame(CompiledRule rule, String message, Case judged) {
        String id = rule.rule().id();
        rules.add(id);
        Optional<Waiver> waiver =
                waivers.stream().filter(it -> it.covers(id, judged.touched())).findFirst();
        List<Place> places = places(rule, judged);
        Level level = isOld(places, judged) ? judged.level().atMost(Level.WARN) : judged.level();
        outcome = outcome.or(waiver.isPresent() ? Outcome.WAIVED : level.outcome());
        Severity severity = waiver.isPresent() ? Severity.INFO : level.severity();
        String said = waiver.map(it -> message + " (waived by " + it.name() + " until " + it.expires() + ")")
                .orElse(message);
        for (Place place : places) {
            findings.add(
                    finding(id, severity, said, place).withWayOut(rule.rule().fix()));
        }
    }

    /** Whether only changed values count and none of the blamed ones is one. */
    private boolean isOld(List<Place> places, Case judged) {
        if (policy.enforcement().scope() != Scope.CHANGED || judged.touched().size() != 1) {
            return false;
        }
        List<String> changed = judged.touched().get(0).changedPointers();
        return places.stream()
                .map(Place::pointer)
                .allMatch(blamed -> blamed != null && changed.stream().noneMatch(it -> touch(it, blamed)));
    }

    private static boolean touch(String changed, String blamed) {
        return changed.equals(blamed) || changed.startsWith(blamed + "/") || blamed.startsWith(changed + "/");
    }

    private String message(CompiledRule rule, Variables variables, Run run) throws EvaluationFailure {
        CelProgram computed = rule.message();
        if (computed != null) {
            return String.valueOf(named("message of rule", rule.rule().id(), () -> computed.value(variables, run)));
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
