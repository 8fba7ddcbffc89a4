package countersign.policy;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.policy.PolicyResult.Outcome;
import countersign.policy.cel.CelLanguage;
import countersign.policy.cel.CelProgram;
import countersign.policy.cel.Observation;
import countersign.policy.input.PolicyInput;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Evaluates policies over a change. What cannot be evaluated denies. The same policies and input give the same report,
 * on any machine: the bounds count steps, not time. Thread-safe: compiled policies are kept in a concurrent map, by the
 * digest of their file and its path.
 */
public final class PolicyEngine {
    private static final int MAX_KEPT = 2_000;

    private final Map<Key, CompiledPolicy> compiled = new ConcurrentHashMap<>();

    private record Key(Sha256 digest, String path) {}

    /** Made when the first policy is compiled; never changes after. */
    private static final class Language {
        private static final CelLanguage CEL = new CelLanguage();

        private Language() {}
    }

    /** Does now what the first policy would have to wait for. */
    public void warmUp() {
        language();
    }

    /** What does not compile in a policy, at its place in the policy's file; empty if it can be evaluated. */
    public List<Finding> check(Policy policy) {
        return compile(policy).findings();
    }

    /**
     * Everything that is wrong with a policy as it is proposed, its shape included; empty if it can be evaluated. What
     * is merged in spite of a finding denies every change that it matches, its own repair among them.
     */
    public List<Finding> check(Document document, byte[] bytes) {
        try {
            return check(Policy.read(document, bytes));
        } catch (Refusal malformed) {
            return malformed.findings();
        }
    }

    /** Evaluates every policy; one result each, all findings of all of them. */
    public PolicyReport evaluate(List<Policy> policies, PolicyInput input) {
        return evaluate(policies, List.of(), input);
    }

    /** Evaluates every policy, and reports what a waiver excepts from as waived. */
    public PolicyReport evaluate(List<Policy> policies, List<Waiver> waivers, PolicyInput input) {
        Evaluation.Subjects subjects = new Evaluation.Subjects(
                input, List.copyOf(waivers), Optional.empty(), Variables.ofChange(input), new HashMap<>());
        return new PolicyReport(policies.stream()
                .sorted(Comparator.comparing(Policy::name)
                        .thenComparing(policy -> policy.document().path()))
                .map(policy -> evaluate(policy, subjects))
                .toList());
    }

    /** Evaluates one policy and lets every step of it be seen. */
    public PolicyResult observe(Policy policy, List<Waiver> waivers, PolicyInput input, Observation observation) {
        return evaluate(
                policy,
                new Evaluation.Subjects(
                        input,
                        List.copyOf(waivers),
                        Optional.of(observation),
                        Variables.ofChange(input),
                        new HashMap<>()));
    }

    /** The programs of a policy by what they are in it, such as {@code rule two-people}; none of one that is broken. */
    public Map<String, CelProgram> programs(Policy policy) {
        return compile(policy).programs();
    }

    private PolicyResult evaluate(Policy policy, Evaluation.Subjects subjects) {
        CompiledPolicy programs = compile(policy);
        if (!programs.findings().isEmpty()) {
            return new PolicyResult(policy.name(), policy.digest(), Outcome.ERROR, List.of(), programs.findings());
        }
        return new Evaluation(policy, programs, subjects).run();
    }

    private CompiledPolicy compile(Policy policy) {
        Key key = new Key(policy.digest(), policy.document().path());
        CompiledPolicy known = compiled.get(key);
        if (known != null) {
            return known;
        }
        if (compiled.size() >= MAX_KEPT) {
            compiled.clear();
        }
        CompiledPolicy fresh = CompiledPolicy.of(policy, language());
        compiled.put(key, fresh);
        return fresh;
    }

    private static CelLanguage language() {
        return Language.CEL;
    }
}
