package countersign.policy.testing;

import countersign.policy.cel.Observation.Gap;
import java.util.List;

/**
 * How the tests of policies went.
 *
 * @param results a result for each case and each demand, in the order of the policies
 * @param coverage how much of each policy that could be tried was seen both ways
 */
public record PolicyTestReport(List<PolicyTestResult> results, List<Coverage> coverage) {
    public PolicyTestReport {
        results = List.copyOf(results);
        coverage = List.copyOf(coverage);
    }

    /**
     * Which conditions of a policy's expressions were seen true and false.
     *
     * @param policy the policy's name
     * @param conditions how many conditions there are
     * @param gaps those that were seen in one way at most
     */
    public record Coverage(String policy, int conditions, List<Gap> gaps) {
        public Coverage {
            gaps = List.copyOf(gaps);
        }

        /** Of 100. */
        public int percent() {
            return conditions == 0 ? 100 : (conditions - gaps.size()) * 100 / conditions;
        }

        /** A line for each gap: the condition, what is missing and where it stands. */
        public List<String> lines() {
            return gaps.stream()
                    .map(gap -> policy + ": " + gap.missing() + ": "
                            + gap.part().text() + " (" + gap.part().place() + ")")
                    .toList();
        }
    }

    /** The results that failed. */
    public List<PolicyTestResult> failed() {
        return results.stream().filter(result -> !result.passed()).toList();
    }

    /** Of 100: how many conditions of all policies were seen both ways. */
    public int percent() {
        int conditions = coverage.stream().mapToInt(Coverage::conditions).sum();
        int missing = coverage.stream().mapToInt(one -> one.gaps().size()).sum();
        return conditions == 0 ? 100 : (conditions - missing) * 100 / conditions;
    }
}
