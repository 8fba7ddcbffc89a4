package countersign.gate.calendar;

import countersign.document.Recurrence;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The days on which an entry of a calendar begins (RFC 5545 §3.3.10 for the parts that {@link Recurrence} reads; weeks
 * begin on Monday). The day of its first beginning always counts, also for {@code COUNT}; exceptions count for
 * {@code COUNT} but do not happen.
 */
final class BeginningDays {
    /** How far {@code COUNT} counts: what it has not counted by then, it never reaches. */
    private static final int YEARS_COUNTED = 100;

    private final LocalDate first;
    private final LocalDate last;
    private final @Nullable Recurrence rule;
    private final Set<LocalDate> except;

    BeginningDays(LocalDate first, @Nullable Recurrence rule, Set<LocalDate> except) {
        this.first = first;
        this.rule = rule;
        this.except = Set.copyOf(except);
        this.last = last(first, rule);
    }

    boolean contains(LocalDate day) {
        return repeats(day) && !except.contains(day);
    }

    LocalDate first() {
        return first;
    }

    LocalDate last() {
        return last;
    }

    private boolean repeats(LocalDate day) {
        return !day.isAfter(last)
                && (day.equals(first) || (rule != null && day.isAfter(first) && matches(rule, first, day)));
    }

    private static LocalDate last(LocalDate first, @Nullable Recurrence rule) {
        if (rule == null) {
            return first;
        }
        if (rule.count() == null) {
            return Objects.requireNonNullElse(rule.until(), LocalDate.MAX);
        }
        LocalDate last = first;
        LocalDate horizon = first.plusYears(YEARS_COUNTED);
        int left = rule.count() - 1;
        for (LocalDate day = first.plusDays(1); left > 0 && day.isBefore(horizon); day = day.plusDays(1)) {
            if (matches(rule, first, day)) {
                last = day;
                left--;
            }
        }
        return last;
    }

    private static boolean matches(Recurrence rule, LocalDate first, LocalDate day) {
        return periods(rule.frequency(), first, day) % rule.interval() == 0
                && (rule.months().isEmpty() || rule.months().contains(day.getMonthValue()))
                && matchesDay(rule, first, day);
    }

    private static long periods(Recurrence.Frequency frequency, LocalDate first, LocalDate day) {
        return switch (frequency) {
            case DAILY -> ChronoUnit.DAYS.between(first, day);
            case WEEKLY -> ChronoUnit.WEEKS.between(monday(first), monday(day));
            case MONTHLY -> ChronoUnit.MONTHS.between(first.withDayOfMonth(1), day.withDayOfMonth(1));
            case YEARLY -> day.getYear() - first.getYear();
        };
    }

    private static LocalDate monday(LocalDate day) {
        return day.minusDays(day.getDayOfWeek().getValue() - 1L);
    }

    private static boolean matchesDay(Recurrence rule, LocalDate first, LocalDate day) {
        if (rule.days().isEmpty() && rule.monthDays().isEmpty()) {
            return isSameDay(rule, first, day);
        }
        return (rule.monthDays().isEmpty() || isMonthDay(rule.monthDays(), day))
                && (rule.days().isEmpty() || rule.days().stream().anyMatch(wanted -> isWeekday(rule, wanted, day)));
    }

    /** Without {@code BYDAY} and the like, the day of the beginning counts; one that a month has not is left out. */
    private static boolean isSameDay(Recurrence rule, LocalDate first, LocalDate day) {
        return switch (rule.frequency()) {
            case DAILY -> true;
            case WEEKLY -> day.getDayOfWeek() == first.getDayOfWeek();
            case MONTHLY -> day.getDayOfMonth() == first.getDayOfMonth();
            case YEARLY ->
                day.getDayOfMonth() == first.getDayOfMonth()
                        && (!rule.months().isEmpty() || day.getMonth() == first.getMonth());
        };
    }

    private static boolean isMonthDay(List<Integer> wanted, LocalDate day) {
        int fromEnd = day.getDayOfMonth() - day.lengthOfMonth() - 1;
        return !Collections.disjoint(wanted, List.of(day.getDayOfMonth(), fromEnd));
    }

    private static boolean isWeekday(Recurrence rule, Recurrence.Day wanted, LocalDate day) {
        if (wanted.weekday() != day.getDayOfWeek()) {
            return false;
        }
        boolean ofYear =
                rule.frequency() == Recurrence.Frequency.YEARLY && rule.months().isEmpty();
        int at = ofYear ? day.getDayOfYear() : day.getDayOfMonth();
        LocalDate end = day.with(ofYear ? TemporalAdjusters.lastDayOfYear() : TemporalAdjusters.lastDayOfMonth());
        long behind = ChronoUnit.DAYS.between(day, end);
        return switch (Integer.signum(wanted.nth())) {
            case 0 -> true;
            case 1 -> (at - 1) / 7 + 1 == wanted.nth();
            default -> behind / 7 + 1 == -wanted.nth();
        };
    }
}
