package countersign.policy.testing;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.document.Document;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyResult;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.cel.CelProgram;
import countersign.policy.cel.Observation;
import countersign.policy.cel.Observation.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One policy under test: runs cases, explains those that fail, and remembers what was seen. Not thread-safe. */
final class PolicyTrial {
    private static final Map<String, Outcome> DECISIONS = Map.of(
            "allow", Outcome.PASSED,
            "waived", Outcome.WAIVED,
            "audit", Outcome.AUDITED,
            "warn", Outcome.WARNED,
            "deny", Outcome.DENIED,
            "error", Outcome.ERROR,
            "not-applicable", Outcome.NOT_APPLICABLE);
    private static final int MAX_VALUES = 12;

    private final PolicyEngine engine;
    private final Policy policy;
    private final Observation observation = new Observation();
    private final Set<String> held = new TreeSet<>();
    private final Set<String> broken = new TreeSet<>();

    PolicyTrial(PolicyEngine engine, Policy policy) {
        this.engine = engine;
        this.policy = policy;
    }

    Policy policy() {
        return policy;
    }

    /** Steps of all cases so far. */
    long steps() {
        return observation.steps();
    }

    /** Runs one case; refuses one that is malformed. */
    PolicyTestResult run(Document test, Fields each, String name, Place place) {
        Patch patch = new Patch(test.spec().raw("base") instanceof Map<?, ?> base ? base : Map.of());
        each.textList("remove").forEach(patch::remove);
        if (each.raw("set") instanceof Map<?, ?> values) {
            values.forEach((pointer, value) -> patch.set((String) pointer, value));
        }
        Fields expected = each.object("expect");
        each.end();
        GivenInput.Question asked = new GivenInput(test.tree()).read(patch.root());
        observation.forgetValues();
        PolicyResult result = engine.observe(policy, asked.waivers(), asked.input(), observation);
        note(result);
        Set<String> wanted = new TreeSet<>(expected.textList("rules"));
        List<String> complaints = compare(expected, result);
        List<String> explanation = complaints.isEmpty() ? List.of() : explain(wanted, result);
        return new PolicyTestResult(policy.name(), name, place, complaints, explanation);
    }

    /** For each rule, whether some case broke it and some case satisfied it. */
    List<PolicyTestResult> bothWays() {
        List<PolicyTestResult> results = new ArrayList<>();
        for (String id : policy.ruleIds()) {
            List<String> missing = new ArrayList<>();
            if (!broken.contains(id)) {
                missing.add("no case breaks it");
            }
            if (!held.contains(id)) {
                missing.add("no case satisfies it");
            }
            results.add(PolicyTestResult.of(policy.name(), "rule " + id + " is tried both ways", placeOf(id), missing));
        }
        return results;
    }

    PolicyTestReport.Coverage coverage() {
        int conditions = 0;
        List<Gap> gaps = new ArrayList<>();
        for (CelProgram program : engine.programs(policy).values()) {
            conditions += (int)
                    program.parts().stream().filter(part -> part.condition()).count();
            gaps.addAll(observation.gaps(program));
        }
        return new PolicyTestReport.Coverage(policy.name(), conditions, gaps);
    }

    private Place placeOf(String rule) {
        CelProgram program = engine.programs(policy).get("rule " + rule);
        return program == null
                ? Place.file(policy.document().path())
                : program.expression().place();
    }

    private void note(PolicyResult result) {
        if (result.outcome() == Outcome.NOT_APPLICABLE || result.outcome() == Outcome.ERROR) {
            return;
        }
        broken.addAll(result.rules());
        policy.ruleIds().stream().filter(id -> !result.rules().contains(id)).forEach(held::add);
    }

    private static List<String> compare(Fields expected, PolicyResult result) {
        List<String> complaints = new ArrayList<>();
        String decision = expected.text("decision");
        if (DECISIONS.get(decision) != result.outcome()) {
            complaints.add("expected " + decision + ", the policy says "
                    + result.outcome().label());
            result.findings().forEach(finding -> complaints.add("  " + finding));
        }
        Set<String> rules = new TreeSet<>(expected.textList("rules"));
        if (expected.has("rules") && !rules.equals(new TreeSet<>(result.rules()))) {
            complaints.add("expected the rules " + rules + " to be broken, found " + result.rules());
        }
        expect(expected.textOrNull("message"), "message", messages(result), complaints);
        expect(expected.textOrNull("at"), "place", pointers(result), complaints);
        expected.end();
        return complaints;
    }

    /** The rules that came out otherwise, or the conditions if it did not come to rules. */
    private List<String> explain(Set<String> wanted, PolicyResult result) {
        List<String> lines = new ArrayList<>();
        engine.programs(policy).forEach((name, program) -> {
            String rule = name.startsWith("rule ") ? name.substring("rule ".length()) : "";
            boolean differs =
                    !rule.isEmpty() && wanted.contains(rule) != result.rules().contains(rule);
            boolean decides = result.outcome() == Outcome.NOT_APPLICABLE && name.startsWith("condition ");
            if (differs || decides) {
                lines.addAll(explain(name, program));
            }
        });
        return lines;
    }

    private List<String> explain(String name, CelProgram program) {
        Map<String, String> values = observation.explain(program);
        List<String> lines = new ArrayList<>();
        lines.add(name + " at " + program.expression().place()
                + (values.isEmpty()
                        ? " was not reached"
                        : " came to " + values.values().iterator().next()) + ":");
        lines.add("  " + program.expression().text().strip().replaceAll("\\s+", " "));
        values.entrySet().stream()
                .skip(1)
                .limit(MAX_VALUES)
                .forEach(value -> lines.add("    " + value.getKey() + " = " + value.getValue()));
        return lines;
    }

    private static void expect(@Nullable String part, String what, List<String> found, List<String> complaints) {
        if (part != null && found.stream().noneMatch(text -> text.contains(part))) {
            complaints.add("expected a " + what + " with \"" + part + "\", found " + found);
        }
    }

    private static List<String> messages(PolicyResult result) {
        return result.findings().stream().map(Finding::message).toList();
    }

    private static List<String> pointers(PolicyResult result) {
        return result.findings().stream()
                .map(Finding::place)
                .map(place -> place == null || place.pointer() == null ? "" : place.pointer())
                .toList();
    }
}
