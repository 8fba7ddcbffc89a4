package countersign.merge.integrity;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a request's rollout nobody here would keep to. Changes are brought forward directly, unit after unit in start
 * order; whoever signs a request that says otherwise would be deceived.
 */
final class RolloutCheck {
    private static final List<String> PARTS = List.of("waves", "successPercent", "maximumFailures", "soak");

    private RolloutCheck() {}

    /** A finding {@code rollout-not-supported} for each part of it, by name. */
    static List<Finding> check(Document request) {
        Fields rollout = request.kind() == Kind.CHANGE_REQUEST ? request.spec().objectOrNull("rollout") : null;
        if (rollout == null) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        String strategy = rollout.text("strategy");
        if (!strategy.equals("direct")) {
            findings.add(finding(request, "strategy", "is " + strategy));
        }
        for (String part : PARTS) {
            if (rollout.has(part)) {
                findings.add(finding(request, part, "is declared"));
            }
        }
        return findings;
    }

    private static Finding finding(Document request, String part, String problem) {
        return Finding.error(
                        "rollout-not-supported",
                        "spec/rollout/" + part + " " + problem
                                + ", which this version does not carry out: it brings a change forward directly, unit after"
                                + " unit",
                        request.tree().placeOf("/spec/rollout/" + part))
                .withWayOut("leave it out, or split the change by its targets");
    }
}
