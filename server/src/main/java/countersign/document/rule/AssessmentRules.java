package countersign.document.rule;

import countersign.codec.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables in which more of anything never makes a change less grave or less pressing. */
final class AssessmentRules {
    private static final List<String> GRADES = List.of("low", "medium", "high");
    private static final List<String> LEVELS = List.of("low", "medium", "high", "critical");

    private AssessmentRules() {}

    static List<Finding> check(Part spec) {
        Part assessment = spec.child("assessment");
        List<Finding> findings = new ArrayList<>();
        checkTable(assessment.child("risk"), findings);
        checkTable(assessment.child("priority"), findings);
        checkSpans(assessment.child("decideWithin").elements(), findings);
        return findings;
    }

    private static void checkTable(Part table, List<Finding> findings) {
        if (!table.exists()) {
            return;
        }
        for (int row = 0; row < GRADES.size(); row++) {
            for (int column = 0; column < GRADES.size(); column++) {
                Part cell = cell(table, row, column);
                if (row > 0) {
                    requireNotBelow(cell, cell(table, row - 1, column), findings);
                }
                if (column > 0) {
                    requireNotBelow(cell, cell(table, row, column - 1), findings);
                }
            }
        }
    }

    private static Part cell(Part table, int row, int column) {
        return table.child(GRADES.get(row)).child(GRADES.get(column));
    }

    private static void requireNotBelow(Part more, Part less, List<Finding> findings) {
        if (weight(more) < weight(less)) {
            findings.add(more.finding(
                    "assessment-falls",
                    "is " + more.value().orElseThrow() + ", less than " + less.name() + " with "
                            + less.value().orElseThrow()));
        }
    }

    /** Levels rise with their names, priorities with falling numbers. */
    private static long weight(Part cell) {
        Optional<Long> priority = cell.number();
        return priority.isPresent()
                ? -priority.get()
                : LEVELS.indexOf(cell.text().orElseThrow());
    }

    private static void checkSpans(List<Part> spans, List<Finding> findings) {
        for (int i = 1; i < spans.size(); i++) {
            Duration sooner = Duration.parse(spans.get(i - 1).text().orElseThrow());
            if (Duration.parse(spans.get(i).text().orElseThrow()).compareTo(sooner) < 0) {
                findings.add(spans.get(i)
                        .finding("durations-out-of-order", "is shorter than that of the priority before it"));
            }
        }
    }
}
