package countersign.gate.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Weekly and daily entries against somebody who looks at the clock on the wall every minute: it begins when the clock
 * first shows the beginning or more, and ends when it first shows the end or more. Around the days on which clocks jump.
 */
class TimingPropertyTest {
    private static final int DAYS = 12;

    @ParameterizedTest(name = "{0} around {1}")
    @CsvSource({
        "Europe/Amsterdam, 2026-03-29",
        "Europe/Amsterdam, 2026-10-25",
        "America/New_York, 2026-03-08",
        "America/New_York, 2026-11-01",
        "Australia/Lord_Howe, 2026-04-05",
        "Australia/Lord_Howe, 2026-10-04",
        "America/Sao_Paulo, 2018-11-04",
        "America/Sao_Paulo, 2018-02-18",
        "Asia/Shanghai, 2026-02-28",
        "Pacific/Apia, 2011-12-30"
    })
    void it_happens_when_somebody_who_watches_the_clock_says_so(String zoneName, LocalDate around) {
        ZoneId zone = ZoneId.of(zoneName);
        Random random = new Random(20_261_122L);
        LocalDate first = around.minusDays(DAYS / 2);
        for (int round = 0; round < 12; round++) {
            LocalTime from = LocalTime.of(random.nextInt(24), 15 * random.nextInt(4));
            LocalDateTime begin = first.atTime(from);
            LocalDateTime end = begin.plusMinutes(15L * (1 + random.nextInt(100)));
            DayOfWeek other = DayOfWeek.of(1 + random.nextInt(7));
            boolean daily = random.nextBoolean();
            String rule =
                    daily ? "FREQ=DAILY" : "FREQ=WEEKLY;BYDAY=" + other.name().substring(0, 2);
            Timing timing = Timing.of(
                    Fields.of("entry", Map.of("from", text(begin), "until", text(end), "recurrence", rule)), zone);
            List<LocalDate> days = first.datesUntil(first.plusDays(DAYS))
                    .filter(day -> daily || day.equals(first) || day.getDayOfWeek() == other)
                    .toList();

            compare(timing, new Watcher(zone, days, begin, end));
        }
    }

    private static void compare(Timing timing, Watcher watcher) {
        Instant start =
                watcher.days.get(0).atStartOfDay().toInstant(ZoneOffset.UTC).minusSeconds(86_400);
        Instant stop = start.plusSeconds(86_400L * (DAYS - 1));
        for (Instant minute = start; minute.isBefore(stop); minute = minute.plusSeconds(60)) {
            boolean expected = watcher.sees(minute);
            if (timing.findAt(minute).isPresent() != expected) {
                assertThat(timing.findAt(minute).isPresent())
                        .as("%s, from %s until %s in %s", minute, watcher.begin, watcher.end, watcher.zone)
                        .isEqualTo(expected);
            }
        }
    }

    /** Knows nothing of zones but what the clock on the wall shows; must be asked minute by minute. */
    private static final class Watcher {
        private final ZoneId zone;
        private final List<LocalDate> days;
        private final LocalDateTime begin;
        private final LocalDateTime end;
        private LocalDateTime highest = LocalDateTime.MIN;

        Watcher(ZoneId zone, List<LocalDate> days, LocalDateTime begin, LocalDateTime end) {
            this.zone = zone;
            this.days = days;
            this.begin = begin;
            this.end = end;
        }

        boolean sees(Instant minute) {
            LocalDateTime wall = LocalDateTime.ofInstant(minute, zone);
            highest = wall.isAfter(highest) ? wall : highest;
            LocalDate first = begin.toLocalDate();
            return days.stream().anyMatch(day -> {
                long later = day.toEpochDay() - first.toEpochDay();
                return !highest.isBefore(begin.plusDays(later)) && highest.isBefore(end.plusDays(later));
            });
        }
    }

    private static String text(LocalDateTime time) {
        return time.toString();
    }
}
