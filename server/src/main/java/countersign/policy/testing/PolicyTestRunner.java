package countersign.policy.testing;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs documents of kind PolicyTest. A case passes only if the policy comes to exactly the expected decision; and every
 * rule of a policy needs a case in which it holds and one in which it does not, so that no rule passes because it never
 * looks. Thread-safe.
 */
public final class PolicyTestRunner {
    private static final long MAX_STEPS = 4_000_000;

    private final PolicyEngine engine;

    public PolicyTestRunner(PolicyEngine engine) {
        this.engine = engine;
    }

    /** Runs each policy's tests; a policy without any, and a test without its policy, are failures. */
    public PolicyTestReport run(List<Policy> policies, List<Document> tests) {
        Map<String, List<Document>> byPolicy =
                tests.stream().collect(Collectors.groupingBy(PolicyTestRunner::policyOf));
        List<PolicyTestResult> results = new ArrayList<>();
        List<PolicyTestReport.Coverage> coverage = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (Policy policy : policies) {
            names.add(policy.name());
            run(policy, byPolicy.getOrDefault(policy.name(), List.of()), results, coverage);
        }
        for (Document test : tests) {
            if (!names.contains(policyOf(test))) {
                Place place = test.tree().placeOf("/spec/policy");
                results.add(PolicyTestResult.of(
                        policyOf(test), "the policy exists", place, List.of("there is no such policy")));
            }
        }
        return new PolicyTestReport(results, coverage);
    }

    /**
     * Why a policy is not tried well enough to be proposed, at its place: a case that fails, a rule that no case breaks or
     * that no case satisfies. A policy that does not compile is for {@link PolicyEngine#check} to report.
     */
    public List<Finding> check(Policy policy, List<Document> tests) {
        if (!engine.check(policy).isEmpty()) {
            return List.of();
        }
        List<Document> own = tests.stream()
                .filter(test -> policyOf(test).equals(policy.name()))
                .toList();
        if (own.isEmpty()) {
            return List.of(Finding.error(
                            "policy-untested",
                            "the policy " + policy.name() + " has no test",
                            Place.file(policy.document().path()))
                    .withWayOut("add policies/" + policy.name()
                            + ".test.yaml with a case that each rule lets pass and one that it stops"));
        }
        return run(List.of(policy), own).failed().stream()
                .map(failed -> Finding.error(
                                "policy-test-failed",
                                failed.name() + ": " + String.join("; ", failed.complaints()),
                                failed.place())
                        .withWayOut("countersign policy test policies"))
                .toList();
    }

    private void run(
            Policy policy,
            List<Document> tests,
            List<PolicyTestResult> results,
            List<PolicyTestReport.Coverage> coverage) {
        List<Finding> broken = engine.check(policy);
        if (!broken.isEmpty()) {
            Place place = broken.get(0).place();
            results.add(PolicyTestResult.of(
                    policy.name(),
                    "the policy compiles",
                    place == null ? Place.file(policy.document().path()) : place,
                    broken.stream().map(Finding::toString).toList()));
            return;
        }
        PolicyTrial trial = new PolicyTrial(engine, policy);
        tests.forEach(test -> run(trial, test, results));
        results.addAll(trial.bothWays());
        coverage.add(trial.coverage());
    }

    private static void run(PolicyTrial trial, Document test, List<PolicyTestResult> results) {
        int index = 0;
        for (Fields each : test.spec().objectList("cases")) {
            Place place = test.tree().placeOf("/spec/cases/" + index++);
            String name = each.textOr("name", "case " + index);
            String policy = trial.policy().name();
            if (trial.steps() > MAX_STEPS) {
                results.add(PolicyTestResult.of(
                        policy, name, place, List.of("the cases before took more than " + MAX_STEPS + " steps")));
                return;
            }
            try {
                results.add(trial.run(test, each, name, place));
            } catch (Refusal malformed) {
                results.add(PolicyTestResult.of(policy, name, place, List.of(String.valueOf(malformed.getMessage()))));
            }
        }
    }

    private static String policyOf(Document test) {
        return test.spec().textOr("policy", test.name());
    }
}
