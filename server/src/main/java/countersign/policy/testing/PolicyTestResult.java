package countersign.policy.testing;

import countersign.codec.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * How one case of a policy test went, or one demand on the test as a whole.
 *
 * @param policy the policy's name
 * @param name the case's name
 * @param place where the case is written, or what the demand is about
 * @param complaints what differs from what was expected; empty if it passed
 * @param explanation the expressions behind it with the values that they came to, a line each; empty if it passed
 */
public record PolicyTestResult(
        String policy, String name, Place place, List<String> complaints, List<String> explanation) {
    public PolicyTestResult {
        complaints = List.copyOf(complaints);
        explanation = List.copyOf(explanation);
    }

    static PolicyTestResult of(String policy, String name, Place place, List<String> complaints) {
        return new PolicyTestResult(policy, name, place, complaints, List.of());
    }

    public boolean passed() {
        return complaints.isEmpty();
    }

    /**
     * {@code ok  policy: case}; of a failure {@code FAILED policy: case}, then its place, its complaints and its
     * explanation, indented.
     */
    public List<String> lines() {
        if (passed()) {
            return List.of("ok     " + policy + ": " + name);
        }
        List<String> lines = new ArrayList<>();
        lines.add("FAILED " + policy + ": " + name);
        lines.add("       " + place);
        complaints.forEach(complaint -> lines.add("       " + complaint));
        explanation.forEach(line -> lines.add("       " + line));
        return lines;
    }
}
