package countersign.document.rule;

import countersign.codec.Finding;
import countersign.document.Recurrence;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Windows and freezes that end after they begin, and repeat as we read it. */
final class CalendarRules {
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2200;
    private static final int MAX_YEARS = 10;

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
        checkLength(entry, findings);
        Part except = entry.child("except");
        if (except.exists() && !recurrence.exists()) {
            findings.add(
                    except.finding("exception-without-recurrence", "needs a recurrence that it is an exception from"));
        }
    }

    /** What lasts for longer, or begins outside of these years, is a slip of the pen. */
    private static void checkLength(Part entry, List<Finding> findings) {
        Part from = entry.child("from");
        LocalDate first = day(from.text().orElseThrow());
        if (first.getYear() < FIRST_YEAR || first.getYear() > LAST_YEAR) {
            findings.add(
                    from.finding("date-out-of-range", "is not in the years from " + FIRST_YEAR + " to " + LAST_YEAR));
        }
        LocalDate latest = first.plusYears(MAX_YEARS);
        Part until = entry.child("until");
        if (until.text().map(CalendarRules::day).filter(latest::isBefore).isPresent()) {
            findings.add(tooLong(until));
        }
        Part duration = entry.child("duration");
        if (duration.text().filter(CalendarRules::isTooLong).isPresent()) {
            findings.add(tooLong(duration));
        }
    }

    private static Finding tooLong(Part part) {
        return part.finding("span-too-long", "makes it last for more than " + MAX_YEARS + " years")
                .withWayOut("let it end earlier, or repeat it with a recurrence");
    }

    private static boolean isTooLong(String span) {
        int time = span.indexOf('T') < 0 ? span.length() : span.indexOf('T');
        Period days = time <= 1 ? Period.ZERO : Period.parse(span.substring(0, time));
        Duration hours = time == span.length() ? Duration.ZERO : Duration.parse("P" + span.substring(time));
        return days.toTotalMonths() > MAX_YEARS * 12L
                || Math.abs(days.get(ChronoUnit.DAYS)) > MAX_YEARS * 366L
                || hours.abs().toDays() > MAX_YEARS * 366L;
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text.substring(0, text.indexOf('T') < 0 ? text.length() : text.indexOf('T')));
    }

    private static void checkEnd(Part entry, Part recurrence, Recurrence rule, List<Finding> findings) {
        LocalDate first = day(entry.child("from").text().orElseThrow());
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
