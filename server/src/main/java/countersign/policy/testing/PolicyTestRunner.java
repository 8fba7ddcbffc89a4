package countersign.policy.testing;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyResult;
import countersign.policy.PolicyResult.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs documents of kind PolicyTest. A case passes only if the policy comes to exactly the expected decision; and every
 * rule of a policy needs a case in which it holds and one in which it does not, so that no rule passes because it never
 * looks. Thread-safe.
 */
public final class PolicyTestRunner {
    private static final Map<String, Outcome> DECISIONS = Map.of(
            "allow", Outcome.PASSED,
            "audit", Outcome.AUDITED,
            "warn", Outcome.WARNED,
            "deny", Outcome.DENIED,
            "error", Outcome.ERROR,
            "not-applicable", Outcome.NOT_APPLICABLE);

    private final PolicyEngine engine;

    public PolicyTestRunner(PolicyEngine engine) {
        this.engine = engine;
    }

    /** Runs each policy's tests; a policy without any, and a test without its policy, are failures. */
    public List<PolicyTestResult> run(List<Policy> policies, List<Document> tests) {
        List<PolicyTestResult> results = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (Policy policy : policies) {
            names.add(policy.name());
            List<Document> own = tests.stream()
                    .filter(test -> policyOf(test).equals(policy.name()))
                    .toList();
            results.addAll(run(policy, own));
        }
        for (Document test : tests) {
            if (!names.contains(policyOf(test))) {
                results.add(failed(policyOf(test), "the policy exists", "no policy for the test " + test.path()));
            }
        }
        return results;
    }

    private List<PolicyTestResult> run(Policy policy, List<Document> tests) {
        List<Finding> broken = engine.check(policy);
        if (!broken.isEmpty()) {
            return List.of(new PolicyTestResult(
                    policy.name(),
                    "the policy compiles",
                    broken.stream().map(Finding::toString).toList()));
        }
        List<PolicyTestResult> results = new ArrayList<>();
        Coverage coverage = new Coverage(policy, new TreeSet<>(), new TreeSet<>());
        for (Document test : tests) {
            results.addAll(run(policy, test, coverage));
        }
        results.addAll(coverage.results());
        return results;
    }

    private List<PolicyTestResult> run(Policy policy, Document test, Coverage coverage) {
        Fields spec = test.spec();
        List<PolicyTestResult> results = new ArrayList<>();
        for (Fields each : spec.objectList("cases")) {
            String name = each.textOr("name", "case " + results.size());
            try {
                results.add(new PolicyTestResult(policy.name(), name, complaints(policy, test, each, coverage)));
            } catch (Refusal malformed) {
                results.add(failed(policy.name(), name, String.valueOf(malformed.getMessage())));
            }
        }
        return results;
    }

    private List<String> complaints(Policy policy, Document test, Fields each, Coverage coverage) {
        Patch patch = new Patch(test.spec().raw("base") instanceof Map<?, ?> base ? base : Map.of());
        each.textList("remove").forEach(patch::remove);
        if (each.raw("set") instanceof Map<?, ?> values) {
            values.forEach((pointer, value) -> patch.set((String) pointer, value));
        }
        Fields expected = each.object("expect");
        each.end();
        PolicyResult result = engine.evaluate(List.of(policy), new GivenInput(test.tree()).read(patch.root()))
                .results()
                .get(0);
        coverage.note(result);
        return compare(expected, result);
    }

    private static List<String> compare(Fields expected, PolicyResult result) {
        List<String> complaints = new ArrayList<>();
        String decision = expected.text("decision");
        Outcome wanted = DECISIONS.get(decision);
        if (wanted != result.outcome()) {
            complaints.add("expected " + decision + ", the policy says "
                    + result.outcome().label() + " " + result.findings());
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

    private static String policyOf(Document test) {
        return test.spec().textOr("policy", test.name());
    }

    private static PolicyTestResult failed(String policy, String name, String complaint) {
        return new PolicyTestResult(policy, name, List.of(complaint));
    }

    /** Which rules were seen to hold and which not to. */
    private record Coverage(Policy policy, Set<String> held, Set<String> broken) {
        void note(PolicyResult result) {
            if (result.outcome() == Outcome.NOT_APPLICABLE || result.outcome() == Outcome.ERROR) {
                return;
            }
            broken.addAll(result.rules());
            policy.ruleIds().stream().filter(id -> !result.rules().contains(id)).forEach(held::add);
        }

        List<PolicyTestResult> results() {
            Map<String, List<String>> complaints = new LinkedHashMap<>();
            for (String id : policy.ruleIds()) {
                List<String> missing = new ArrayList<>();
                if (!broken.contains(id)) {
                    missing.add("no case breaks it");
                }
                if (!held.contains(id)) {
                    missing.add("no case satisfies it");
                }
                complaints.put(id, missing);
            }
            return complaints.entrySet().stream()
                    .map(rule -> new PolicyTestResult(
                            policy.name(), "rule " + rule.getKey() + " is tried both ways", rule.getValue()))
                    .toList();
        }
    }
}
