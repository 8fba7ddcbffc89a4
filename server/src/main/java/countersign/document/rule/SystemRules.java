package countersign.document.rule;

import countersign.codec.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A system whose named parts have names of their own, each of whose files has one source. What is put over a base is judged
 * once it is whole.
 */
final class SystemRules {
    private static final List<String> SOURCES = List.of("content", "from", "data");

    private SystemRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Part.twins(spec.child("files").elements(), "path", "duplicate-file"));
        findings.addAll(Part.twins(spec.below("health/checks").elements(), "name"));
        findings.addAll(Part.twins(spec.child("components").elements(), "name"));
        findings.addAll(Part.twins(spec.child("interfaces").elements(), "name"));
        boolean bare = spec.child("abstract").value().equals(Optional.of(true));
        if (bare) {
            checkNowhere(spec, findings);
        } else if (!spec.child("base").exists()) {
            spec.child("files").elements().forEach(file -> checkSource(file, findings));
        }
        return findings;
    }

    private static void checkNowhere(Part spec, List<Finding> findings) {
        for (String member : List.of("environment", "targets")) {
            if (spec.child(member).exists()) {
                findings.add(spec.child(member)
                        .finding("abstract-system-somewhere", "is for systems that are put over this one to say"));
            }
        }
    }

    private static void checkSource(Part file, List<Finding> findings) {
        List<String> found =
                SOURCES.stream().filter(source -> file.child(source).exists()).toList();
        if (found.size() != 1) {
            findings.add(file.finding(
                    "not-exactly-one",
                    "needs exactly one of " + String.join(", ", SOURCES) + "; found "
                            + (found.isEmpty() ? "none of them" : String.join(" and ", found))));
        } else if (file.child("data").exists() && !file.child("format").exists()) {
            findings.add(file.finding("missing-field", "needs the field \"format\": Format of data."));
        } else if (file.child("format").exists() && !file.child("data").exists()) {
            findings.add(file.child("format").finding("missing-field", "needs the field \"data\" beside it"));
        }
    }
}
