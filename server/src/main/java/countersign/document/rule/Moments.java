package countersign.document.rule;

import countersign.codec.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Dates of a document in their order. A day is earlier than a moment only if all of it is. */
final class Moments {
    private Moments() {}

    /** Findings {@code dates-out-of-order} for each present date that ends before one that is named before it begins. */
    static List<Finding> inOrder(Part parent, String... names) {
        List<Finding> findings = new ArrayList<>();
        Optional<Part> earlier = Optional.empty();
        for (String name : names) {
            Part later = parent.below(name);
            if (later.text().isPresent()) {
                earlier.flatMap(before -> compare(before, later)).ifPresent(findings::add);
                earlier = Optional.of(later);
            }
        }
        return findings;
    }

    /** The first moment of a day, or the moment itself. */
    static Instant start(String text) {
        if (text.endsWith("Z")) {
            return Instant.parse(text);
        }
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    /** The last moment of a day, or the moment itself. */
    static Instant end(String text) {
        return text.indexOf('T') < 0 ? start(text).plus(Duration.ofDays(1)).minusNanos(1) : start(text);
    }

    private static Optional<Finding> compare(Part earlier, Part later) {
        String first = earlier.text().orElseThrow();
        String second = later.text().orElseThrow();
        return end(second).isBefore(start(first))
                ? Optional.of(later.finding(
                        "dates-out-of-order",
                        "is " + second + ", which is before " + earlier.name() + " " + first + " in line "
                                + earlier.document()
                                        .tree()
                                        .placeOf(earlier.pointer())
                                        .line()))
                : Optional.empty();
    }
}
