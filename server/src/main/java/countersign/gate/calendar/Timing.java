package countersign.gate.calendar;

import countersign.codec.Fields;
import countersign.document.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When an entry of a calendar happens: from its first moment up to its end, which is not part of it. Wall-clock times are
 * those of the zone; one that the clock shows twice is its first, one that it skips is the moment at which it skips it.
 * Days of a span are days of the calendar, hours are exact. Immutable and thread-safe.
 */
public final class Timing {
    /** How far ahead the next occurrence is looked for: the longest way from one leap day to the next. */
    private static final int DAYS_AHEAD = 8 * 366;

    /** By how many days the same span of at most ten years may differ, and jumps of clocks. */
    private static final int SLACK = 9;

    private final ZoneId zone;
    private final BeginningDays days;
    private final LocalTime beginning;
    private final Period wholeDays;
    private final Length length;

    /** How long an occurrence lasts behind its whole days. */
    private sealed interface Length {
        /** Up to a time of the day. */
        record Until(LocalTime time) implements Length {}

        /** So long, exactly. */
        record Exactly(Duration duration) implements Length {}
    }

    private Timing(ZoneId zone, BeginningDays days, LocalTime beginning, Period wholeDays, Length length) {
        this.zone = zone;
        this.days = days;
        this.beginning = beginning;
        this.wholeDays = wholeDays;
        this.length = length;
    }

    /** Reads {@code from}, {@code until} or {@code duration}, {@code recurrence} and {@code except} of a valid entry. */
    static Timing of(Fields entry, ZoneId zone) {
        LocalDateTime from = moment(entry.text("from"), 0);
        String rule = entry.textOrNull("recurrence");
        BeginningDays days = new BeginningDays(
                from.toLocalDate(),
                rule == null ? null : Recurrence.parse(rule),
                entry.textList("except").stream().map(LocalDate::parse).collect(Collectors.toSet()));
        String until = entry.textOrNull("until");
        if (until != null) {
            LocalDateTime end = moment(until, 1);
            Period between = Period.ofDays(Math.toIntExact(days.first().until(end.toLocalDate(), ChronoUnit.DAYS)));
            return new Timing(zone, days, from.toLocalTime(), between, new Length.Until(end.toLocalTime()));
        }
        String span = entry.text("duration");
        int time = span.indexOf('T') < 0 ? span.length() : span.indexOf('T');
        return new Timing(
                zone,
                days,
                from.toLocalTime(),
                time <= 1 ? Period.ZERO : Period.parse(span.substring(0, time)),
                new Length.Exactly(time == span.length() ? Duration.ZERO : Duration.parse("P" + span.substring(time))));
    }

    /** The occurrence that goes on at a time; if several do, the one that ends last. */
    public Optional<Occurrence> findAt(Instant time) {
        LocalDate now = time.atZone(zone).toLocalDate();
        LocalDate earliest = later(days.first(), now.minusDays(daysLong()));
        for (LocalDate day = earlier(days.last(), now); !day.isBefore(earliest); day = day.minusDays(1)) {
            if (days.contains(day)) {
                Occurrence occurrence = on(day);
                if (!occurrence.start().isAfter(time)) {
                    return Optional.of(occurrence).filter(found -> found.contains(time));
                }
            }
        }
        return Optional.empty();
    }

    /** The occurrences of which any moment is in a span of time, in their order; at most so many. */
    public List<Occurrence> between(Instant from, Instant to, int limit) {
        List<Occurrence> occurrences = new ArrayList<>();
        LocalDate end = earlier(days.last(), to.atZone(zone).toLocalDate());
        LocalDate day = later(days.first(), from.atZone(zone).toLocalDate().minusDays(daysLong()));
        for (; !day.isAfter(end) && occurrences.size() < limit; day = day.plusDays(1)) {
            if (days.contains(day)) {
                Occurrence occurrence = on(day);
                if (occurrence.start().isBefore(to)
                        && occurrence.end().isAfter(from)
                        && occurrence.end().isAfter(occurrence.start())) {
                    occurrences.add(occurrence);
                }
            }
        }
        return occurrences;
    }

    /** The next occurrences that begin after a time, as far as anybody plans; at most so many. */
    List<Occurrence> after(Instant time, int limit) {
        return between(time, time.plus(Duration.ofDays(DAYS_AHEAD)), limit + 1).stream()
                .filter(occurrence -> occurrence.start().isAfter(time))
                .limit(limit)
                .toList();
    }

    private Occurrence on(LocalDate day) {
        Instant start = instant(day.atTime(beginning));
        LocalDate end = day.plus(wholeDays);
        if (length instanceof Length.Until until) {
            return new Occurrence(start, instant(end.atTime(until.time())));
        }
        Duration exactly = ((Length.Exactly) length).duration();
        return new Occurrence(start, (wholeDays.isZero() ? start : instant(end.atTime(beginning))).plus(exactly));
    }

    /** No occurrence begins more than so many days before its end. */
    private long daysLong() {
        long exact =
                length instanceof Length.Exactly exactly ? exactly.duration().toDays() : 0;
        return LocalDate.EPOCH.plus(wholeDays).toEpochDay() + exact + SLACK;
    }

    private Instant instant(LocalDateTime wall) {
        ZoneOffsetTransition jump = zone.getRules().getTransition(wall);
        if (jump == null) {
            return wall.toInstant(zone.getRules().getOffset(wall));
        }
        return jump.isGap() ? jump.getInstant() : wall.toInstant(jump.getOffsetBefore());
    }

    /** A day is its first moment, or that of a day after it. */
    private static LocalDateTime moment(String text, int daysAfter) {
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).plusDays(daysAfter).atStartOfDay()
                : LocalDateTime.parse(text);
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }
}
