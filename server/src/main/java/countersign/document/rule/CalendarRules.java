package countersign.document.rule;

import countersign.codec.Finding;
import countersign.document.Recurrence;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Windows and freezes that end after they begin, and repeat as we read it. */
final class CalendarRules {
    private CalendarRules() {}

    static List<Finding> check(Part spec) {
        List<Part> entries = Stream.of("windows", "freezes")
                .flatMap(list -> spec.child(list).elements().stream())
                .toList();
        List<Finding> findings = new ArrayList<>(Part.twins(entries, "name"));
        entries.forEach(entry -> checkEntry(entry, findings));
        spec.child("hours").elements().forEach(hours -> checkHours(hours, findings));
        findings.addAll(Part.twins(spec.child("holidays").elements(), "date"));
        return findings;
    }

    private static void checkEntry(Part entry, List<Finding> findings) {
        List<Finding> order = Moments.inOrder(entry, "from", "until");
        findings.addAll(order);
        Part until = entry.child("until");
        if (order.isEmpty() && until.is(entry.child("from").text().orElseThrow()) && isMoment(until)) {
            findings.add(until.finding("dates-out-of-order", "is the moment of its beginning"));
        }
        Part recurrence = entry.child("recurrence");
        recurrence.text().ifPresent(text -> {
            List<Finding> unread = recurrence.parsed(() -> Recurrence.parse(text));
            findings.addAll(unread);
            if (unread.isEmpty()) {
                checkEnd(entry, recurrence, Recurrence.parse(text), findings);
            }
        });
        Part except = entry.child("except");
        if (except.exists() && !recurrence.exists()) {
            findings.add(
                    except.finding("exception-without-recurrence", "needs a recurrence that it is an exception from"));
        }
    }

    private static void checkEnd(Part entry, Part recurrence, Recurrence rule, List<Finding> findings) {
        String from = entry.child("from").text().orElseThrow();
        LocalDate first = LocalDate.parse(from.substring(0, from.indexOf('T') < 0 ? from.length() : from.indexOf('T')));
        LocalDate last = rule.until();
        if (last != null && last.isBefore(first)) {
            findings.add(
                    recurrence.finding("dates-out-of-order", "ends on " + last + ", before it begins on " + first));
        }
    }

    private static void checkHours(Part hours, List<Finding> findings) {
        String from = hours.child("from").text().orElseThrow();
        Part until = hours.child("until");
        if (until.text().orElseThrow().compareTo(from) <= 0) {
            findings.add(until.finding("dates-out-of-order", "is not after " + from)
                    .withWayOut("hours over midnight are two entries"));
        }
    }

    private static boolean isMoment(Part part) {
        return part.text().orElseThrow().indexOf('T') >= 0;
    }
}
