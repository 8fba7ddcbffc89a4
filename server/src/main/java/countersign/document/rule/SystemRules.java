package countersign.document.rule;

import countersign.codec.Finding;
import java.util.ArrayList;
import java.util.List;

/** A system whose named parts have names of their own. */
final class SystemRules {
    private SystemRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Part.twins(spec.child("files").elements(), "path", "duplicate-file"));
        findings.addAll(Part.twins(spec.below("health/checks").elements(), "name"));
        findings.addAll(Part.twins(spec.child("components").elements(), "name"));
        findings.addAll(Part.twins(spec.child("interfaces").elements(), "name"));
        return findings;
    }
}
