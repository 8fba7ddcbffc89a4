package countersign.policy.testing;

import java.util.List;

/**
 * How one case of a policy test went, or one demand on the test as a whole.
 *
 * @param policy the policy's name
 * @param name the case's name
 * @param complaints what differs from what was expected; empty if it passed
 */
public record PolicyTestResult(String policy, String name, List<String> complaints) {
    public PolicyTestResult {
        complaints = List.copyOf(complaints);
    }

    public boolean passed() {
        return complaints.isEmpty();
    }

    /** {@code ok  policy: case}, or {@code FAILED policy: case: complaints}, on one line. */
    @Override
    public String toString() {
        return passed()
                ? "ok     " + policy + ": " + name
                : "FAILED " + policy + ": " + name + ": " + String.join("; ", complaints);
    }
}
