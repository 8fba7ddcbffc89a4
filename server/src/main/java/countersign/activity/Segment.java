package countersign.activity;

import countersign.codec.Refusal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a part of the activity log: a month and a number, as in {@code 2026-11-1}. Another number begins where a
 * part of the same month can't be continued.
 *
 * @param month the month, in UTC, in which it began
 * @param number counts from 1
 */
public record Segment(YearMonth month, int number) implements Comparable<Segment> {
    private static final Pattern FORM = Pattern.compile("([0-9]{4}-(?:0[1-9]|1[0-2]))-([1-9][0-9]{0,3})");

    /** Reads a name; a Refusal {@code no-such-segment} if it is none. */
    public static Segment parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new Refusal("no-such-segment", "the activity log has no segment " + text);
        }
        return new Segment(YearMonth.parse(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }

    static Segment first(Instant now) {
        return new Segment(YearMonth.from(now.atOffset(ZoneOffset.UTC)), 1);
    }

    Segment next() {
        return new Segment(month, number + 1);
    }

    /** From when on nothing is written to it. */
    Instant end() {
        return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    @Override
    public int compareTo(Segment other) {
        int months = month.compareTo(other.month);
        return months != 0 ? months : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return month + "-" + number;
    }
}
