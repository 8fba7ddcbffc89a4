package countersign.document;

import countersign.codec.Refusal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How something repeats: the part of RFC 5545's RRULE that we read. Without {@code BYDAY} and the like, the day of the
 * beginning counts.
 *
 * @param frequency its unit
 * @param interval every how many units, at least 1
 * @param count how many times at most; null without end
 * @param until the last day on which it may begin; null without end
 * @param days days of the week, in a month or year perhaps the n-th only
 * @param monthDays days of the month, negative from its end
 * @param months months of the year
 */
public record Recurrence(
        Frequency frequency,
        int interval,
        @Nullable Integer count,
        @Nullable LocalDate until,
        List<Day> days,
        List<Integer> monthDays,
        List<Integer> months) {
    private static final String RULE = "wrong-recurrence";
    private static final int MAX_NUMBER = 9999;
    private static final List<String> WEEK = List.of("MO", "TU", "WE", "TH", "FR", "SA", "SU");

    /** The unit of a recurrence. */
    public enum Frequency {
        DAILY,
        WEEKLY,
        MONTHLY,
        YEARLY
    }

    /**
     * A day of the week.
     *
     * @param nth 0 for every one, 1 for the first, -1 for the last of the month or year
     * @param weekday the day
     */
    public record Day(int nth, DayOfWeek weekday) {}

    public Recurrence {
        days = List.copyOf(days);
        monthDays = List.copyOf(monthDays);
        months = List.copyOf(months);
    }

    /** Reads {@code FREQ=WEEKLY;BYDAY=SA}; a Refusal {@code wrong-recurrence} says which part is not read. */
    public static Recurrence parse(String text) {
        Parts parts = new Parts();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0 || equals == part.length() - 1) {
                throw wrong("has the part \"" + part + "\", which is not NAME=value");
            }
            parts.put(part.substring(0, equals), part.substring(equals + 1));
        }
        return parts.build();
    }

    private static Refusal wrong(String problem) {
        return new Refusal(
                RULE,
                "the recurrence " + problem,
                "write for example FREQ=WEEKLY;BYDAY=SA or FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20271231");
    }

    /** The parts as they are read, one after the other. */
    private static final class Parts {
        private final Set<String> seen = new HashSet<>();
        private @Nullable Frequency frequency;
        private int interval = 1;
        private @Nullable Integer count;
        private @Nullable LocalDate until;
        private List<Day> days = List.of();
        private List<Integer> monthDays = List.of();
        private List<Integer> months = List.of();

        void put(String name, String value) {
            if (!seen.add(name)) {
                throw wrong("has " + name + " twice");
            }
            switch (name) {
                case "FREQ" -> frequency = frequency(value);
                case "INTERVAL" -> interval = number(name, value, 1, MAX_NUMBER);
                case "COUNT" -> count = number(name, value, 1, MAX_NUMBER);
                case "UNTIL" -> until = day(value);
                case "BYDAY" -> days = each(name, value, Parts::weekday);
                case "BYMONTHDAY" -> monthDays = each(name, value, text -> signed(name, text, 31));
                case "BYMONTH" -> months = each(name, value, text -> number(name, text, 1, 12));
                default ->
                    throw wrong("has " + name + "; of RFC 5545 the parts FREQ, INTERVAL, COUNT, UNTIL, BYDAY,"
                            + " BYMONTHDAY and BYMONTH are read");
            }
        }

        Recurrence build() {
            Frequency unit = frequency;
            if (unit == null) {
                throw wrong("has no FREQ");
            }
            if (count != null && until != null) {
                throw wrong("has both COUNT and UNTIL");
            }
            boolean inMonths = unit == Frequency.MONTHLY || unit == Frequency.YEARLY;
            if (!inMonths && days.stream().anyMatch(day -> day.nth() != 0)) {
                throw wrong("counts days in BYDAY, which only MONTHLY and YEARLY do");
            }
            if (unit == Frequency.WEEKLY && !monthDays.isEmpty()) {
                throw wrong("has BYMONTHDAY, which a week has not");
            }
            return new Recurrence(unit, interval, count, until, days, monthDays, months);
        }

        private static Frequency frequency(String value) {
            return Arrays.stream(Frequency.values())
                    .filter(unit -> unit.name().equals(value))
                    .findFirst()
                    .orElseThrow(() -> wrong("has FREQ=" + value + "; DAILY, WEEKLY, MONTHLY and YEARLY are read"));
        }

        private static LocalDate day(String value) {
            try {
                return LocalDate.parse(value, DateTimeFormatter.BASIC_ISO_DATE);
            } catch (DateTimeException malformed) {
                throw wrong("has UNTIL=" + value + ", which is not a day such as 20271231");
            }
        }

        private static Day weekday(String text) {
            String name = text.length() >= 2 ? text.substring(text.length() - 2) : text;
            int day = WEEK.indexOf(name);
            if (day < 0) {
                throw wrong("has the day " + text + " in BYDAY; days are " + String.join(", ", WEEK));
            }
            String nth = text.substring(0, text.length() - 2);
            return new Day(nth.isEmpty() ? 0 : signed("BYDAY", nth, 53), DayOfWeek.of(day + 1));
        }

        private static int signed(String name, String text, int most) {
            boolean negative = text.startsWith("-");
            String digits = negative || text.startsWith("+") ? text.substring(1) : text;
            int number = number(name, digits, 1, most);
            return negative ? -number : number;
        }

        private static int number(String name, String text, int least, int most) {
            boolean digits =
                    !text.isEmpty() && text.length() <= 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            int number = digits ? Integer.parseInt(text) : least - 1;
            if (number < least || number > most) {
                throw wrong("has " + text + " in " + name + ", which is not a number from " + least + " to " + most);
            }
            return number;
        }

        private static <T> List<T> each(String name, String value, Function<String, T> reader) {
            List<T> list = new ArrayList<>();
            for (String text : value.split(",", -1)) {
                T element = reader.apply(text);
                if (list.contains(element)) {
                    throw wrong("has " + text + " twice in " + name);
                }
                list.add(element);
            }
            return list;
        }
    }
}
