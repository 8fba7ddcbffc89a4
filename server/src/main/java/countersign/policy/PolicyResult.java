package countersign.policy;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Sha256;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one policy said of one change.
 *
 * @param policy the policy's name
 * @param digest digest of the policy file's bytes
 * @param outcome the gravest of its outcomes over all that it judged
 * @param rules ids of the rules that do not hold or could not be evaluated, sorted, each once
 * @param findings every finding, in the order of documents and rules
 */
public record PolicyResult(String policy, Sha256 digest, Outcome outcome, List<String> rules, List<Finding> findings) {
    /** What a policy comes to; later is graver. */
    public enum Outcome {
        NOT_APPLICABLE,
        PASSED,
        /** A rule does not hold, and a waiver excepts from it. */
        WAIVED,
        AUDITED,
        WARNED,
        DENIED,
        ERROR;

        /** Whether a change with this outcome may not be merged. */
        public boolean blocks() {
            return this == DENIED || this == ERROR;
        }

        /** The word in records: {@code not-applicable}, {@code passed} and so on. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        Outcome or(Outcome other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    public PolicyResult {
        rules = List.copyOf(rules);
        findings = List.copyOf(findings);
    }

    /** The result as it stands in {@code gate.json}: strings, lists and maps only. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("policy", policy);
        map.put("digest", digest.hex());
        map.put("result", outcome.label());
        map.put("rules", rules);
        map.put("findings", findings.stream().map(PolicyResult::toMap).toList());
        return map;
    }

    private static Map<String, @Nullable Object> toMap(Finding finding) {
        Place place = finding.place();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("rule", finding.rule());
        map.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        map.put("message", finding.message());
        map.put("place", place == null ? null : place.toString());
        map.put("pointer", place == null ? null : place.pointer());
        map.put("wayOut", finding.wayOut());
        return map;
    }
}
