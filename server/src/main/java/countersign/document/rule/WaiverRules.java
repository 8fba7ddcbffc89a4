package countersign.document.rule;

import countersign.codec.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A waiver names what it is for, and ends. */
final class WaiverRules {
    private static final Duration LONGEST = Duration.ofDays(90);

    private WaiverRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Moments.inOrder(spec, "notBefore", "expires"));
        Part match = spec.child("match");
        if (match.child("names").elements().isEmpty()
                && match.child("paths").elements().isEmpty()) {
            findings.add(match.finding("waiver-names-nothing", "must name at least one document by names or paths"));
        }
        Part expires = spec.child("expires");
        Instant from = Moments.start(spec.child("notBefore").text().orElseThrow());
        Instant until = Moments.start(expires.text().orElseThrow());
        if (Duration.between(from, until).compareTo(LONGEST) > 0) {
            findings.add(expires.finding(
                            "waiver-too-long",
                            "is " + Duration.between(from, until).toDays() + " days after notBefore, at most "
                                    + LONGEST.toDays() + " are allowed")
                    .withWayOut("renew it by another change while it is still needed"));
        }
        return findings;
    }
}
