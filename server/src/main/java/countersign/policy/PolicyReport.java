package countersign.policy;

import countersign.codec.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a set of policies said of one change, one result per policy, sorted by the policy's name.
 *
 * @param results the results
 */
public record PolicyReport(List<PolicyResult> results) {
    /** Whether the policies let a change pass. */
    public enum Verdict {
        ALLOWED,
        DENIED
    }

    public PolicyReport {
        results = List.copyOf(results);
    }

    /** {@code DENIED} if any policy denies or could not be evaluated. */
    public Verdict verdict() {
        return results.stream().anyMatch(result -> result.outcome().blocks()) ? Verdict.DENIED : Verdict.ALLOWED;
    }

    /** The findings of all policies, in the order of the results. */
    public List<Finding> findings() {
        return results.stream().flatMap(result -> result.findings().stream()).toList();
    }

    /** The report as it stands in {@code gate.json}: strings, lists and maps only. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("verdict", verdict() == Verdict.DENIED ? "denied" : "allowed");
        map.put("policies", results.stream().map(PolicyResult::toMap).toList());
        return map;
    }
}
