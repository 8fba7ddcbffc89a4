package countersign.policy;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.input.DocumentChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * An exception from rules of one policy, for named documents and for a time. The rules are evaluated all the same; what
 * they find is reported as waived and blocks nothing. A rule that cannot be evaluated is never waived.
 *
 * @param name its name
 * @param policy name of the policy
 * @param rules ids of the rules; empty for all of them
 * @param match which touched paths
 * @param notBefore from when it counts
 * @param expires from when it does not count any more
 */
public record Waiver(
        String name, String policy, Set<String> rules, PolicyMatch match, Instant notBefore, Instant expires) {
    /** No exception lasts longer. */
    public static final Duration LONGEST = Duration.ofDays(90);

    public Waiver {
        rules = Set.copyOf(rules);
    }

    /** Reads a waiver; refuses one that names no document and one that lasts longer than 90 days. */
    public static Waiver read(Document document) {
        if (document.kind() != Kind.WAIVER) {
            throw new Refusal("wrong-kind", document.path() + " is no Waiver");
        }
        Fields spec = document.spec();
        Waiver waiver = new Waiver(
                document.name(),
                spec.text("policy"),
                Set.copyOf(spec.textList("rules")),
                PolicyMatch.of(spec.object("match")),
                spec.instant("notBefore"),
                spec.instant("expires"));
        if (waiver.match().names().isEmpty() && waiver.match().paths().isEmpty()) {
            throw new Refusal(
                    "waiver-for-everything",
                    document.path() + " names no document",
                    "give match names or paths of the documents that it is for");
        }
        if (waiver.expires().isAfter(waiver.notBefore().plus(LONGEST))) {
            throw new Refusal(
                    "waiver-too-long",
                    document.path() + " lasts from " + waiver.notBefore() + " to " + waiver.expires() + ", at most are "
                            + LONGEST.toDays() + " days");
        }
        return waiver;
    }

    /** Whether it counts for a policy at a time. */
    boolean isFor(Policy excepted, Instant now) {
        return policy.equals(excepted.name()) && !now.isBefore(notBefore) && now.isBefore(expires);
    }

    /** Whether it excepts all of these from a rule. */
    boolean covers(String rule, List<DocumentChange> touched) {
        return (rules.isEmpty() || rules.contains(rule))
                && !touched.isEmpty()
                && touched.stream().allMatch(match::matches);
    }
}
