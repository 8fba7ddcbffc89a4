package countersign.document.rule;

import countersign.codec.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An agreement whose targets are the tighter the graver the fault. */
final class AgreementRules {
    private AgreementRules() {}

    static List<Finding> check(Part spec) {
        List<Finding> findings = new ArrayList<>(Moments.inOrder(spec, "parties/validFrom", "parties/validUntil"));
        List<Part> response = spec.child("response").elements();
        findings.addAll(Part.twins(response, "grade"));
        findings.addAll(Part.twins(spec.child("levels").elements(), "name"));
        findings.addAll(Part.twins(spec.child("responsibilities").elements(), "party"));
        response.forEach(grade -> checkOrder(grade.child("respondWithin"), grade.child("restoreWithin"), findings));
        Optional<Part> graver = Optional.empty();
        for (Part grade : response.stream()
                .sorted(Comparator.comparing(
                        (Part part) -> part.child("grade").number().orElseThrow()))
                .toList()) {
            Part within = grade.child("respondWithin");
            graver.ifPresent(before -> checkOrder(before, within, findings));
            graver = Optional.of(within);
        }
        return findings;
    }

    private static void checkOrder(Part shorter, Part longer, List<Finding> findings) {
        Optional<Duration> least = shorter.text().map(Duration::parse);
        Optional<Duration> most = longer.text().map(Duration::parse);
        if (least.isPresent() && most.isPresent() && most.get().compareTo(least.get()) < 0) {
            findings.add(longer.finding(
                    "durations-out-of-order",
                    "is " + longer.text().orElseThrow() + ", shorter than " + shorter.name() + " "
                            + shorter.text().orElseThrow()));
        }
    }
}
