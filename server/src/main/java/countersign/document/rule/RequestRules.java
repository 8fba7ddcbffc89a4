package countersign.document.rule;

import countersign.codec.Finding;
import java.util.ArrayList;
import java.util.List;

/** A request whose window ends after it begins, and whose supervisor only watches. */
final class RequestRules {
    private RequestRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Moments.inOrder(spec, "window/notBefore", "window/notAfter"));
        findings.addAll(Moments.inOrder(spec, "window/notBefore", "applyBy"));
        Part supervisor = spec.below("people/supervisor");
        for (Part implementer : spec.below("people/implementers").elements()) {
            if (supervisor.exists() && supervisor.text().equals(implementer.text())) {
                findings.add(supervisor.finding(
                        "supervisor-implements",
                        "is " + supervisor.text().orElseThrow() + ", who also carries it out (" + implementer.name()
                                + ")"));
            }
        }
        findings.addAll(wavesOnce(spec));
        return findings;
    }

    private static List<Finding> wavesOnce(Part spec) {
        List<Finding> findings = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Part wave : spec.below("rollout/waves").elements()) {
            for (Part target : wave.elements()) {
                String name = target.text().orElseThrow();
                if (seen.contains(name)) {
                    findings.add(target.finding("duplicate-entry", "is " + name + ", which an earlier wave has"));
                }
                seen.add(name);
            }
        }
        return findings;
    }
}
