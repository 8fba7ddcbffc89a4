package countersign.gate.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimingTest {
    private static final Instant FOREVER = Instant.parse("2060-01-01T00:00:00Z");

    @Test
    void its_first_moment_belongs_to_it_and_its_end_does_not() {
        Timing timing = amsterdam("2026-11-28T22:00", "until", "2026-11-29T02:00");

        assertThat(timing.findAt(Instant.parse("2026-11-28T20:59:59.999Z"))).isEmpty();
        assertThat(timing.findAt(Instant.parse("2026-11-28T21:00:00Z")))
                .contains(occurrence("2026-11-28T21:00:00Z", "2026-11-29T01:00:00Z"));
        assertThat(timing.findAt(Instant.parse("2026-11-29T00:59:59.999Z"))).isPresent();
        assertThat(timing.findAt(Instant.parse("2026-11-29T01:00:00Z"))).isEmpty();
    }

    @Test
    void a_day_at_the_end_is_within_it_whole() {
        Timing timing = amsterdam("2026-12-28", "until", "2027-01-03");

        assertThat(timing.findAt(Instant.parse("2027-01-03T12:00:00Z")))
                .contains(occurrence("2026-12-27T23:00:00Z", "2027-01-03T23:00:00Z"));
        assertThat(timing.findAt(Instant.parse("2027-01-03T23:00:00Z"))).isEmpty();
    }

    @Test
    void hours_are_exact_and_days_are_those_of_the_calendar() {
        Timing hours = amsterdam("2026-10-24T12:00", "duration", "PT24H");
        Timing day = amsterdam("2026-10-24T12:00", "duration", "P1D");

        assertThat(starts(hours)).containsExactly("2026-10-24T10:00:00Z/2026-10-25T10:00:00Z");
        assertThat(starts(day)).containsExactly("2026-10-24T10:00:00Z/2026-10-25T11:00:00Z");
    }

    @Test
    void of_the_hour_that_happens_twice_the_first_is_meant() {
        Timing from = amsterdam("2026-10-25T02:30", "duration", "PT15M");
        Timing until = amsterdam("2026-10-25T01:00", "until", "2026-10-25T02:30");
        Timing over = amsterdam("2026-10-25T02:30", "until", "2026-10-25T03:00");

        assertThat(starts(from)).containsExactly("2026-10-25T00:30:00Z/2026-10-25T00:45:00Z");
        assertThat(starts(until)).containsExactly("2026-10-24T23:00:00Z/2026-10-25T00:30:00Z");
        assertThat(starts(over)).containsExactly("2026-10-25T00:30:00Z/2026-10-25T02:00:00Z");
    }

    @Test
    void an_hour_that_does_not_exist_is_the_moment_at_which_it_is_skipped() {
        Timing from = amsterdam("2026-03-29T02:30", "until", "2026-03-29T03:15");
        Timing until = amsterdam("2026-03-29T01:00", "until", "2026-03-29T02:30");
        Timing within = amsterdam("2026-03-29T02:15", "until", "2026-03-29T02:45");

        assertThat(starts(from)).containsExactly("2026-03-29T01:00:00Z/2026-03-29T01:15:00Z");
        assertThat(starts(until)).containsExactly("2026-03-29T00:00:00Z/2026-03-29T01:00:00Z");
        assertThat(starts(within)).isEmpty();
        assertThat(within.findAt(Instant.parse("2026-03-29T01:00:00Z"))).isEmpty();
    }

    @Test
    void a_window_across_midnight_belongs_to_the_day_on_which_it_begins() {
        Timing saturday = timing(
                "Asia/Shanghai",
                Map.of(
                        "from",
                        "2026-01-03T22:00",
                        "duration",
                        "PT4H",
                        "recurrence",
                        "FREQ=WEEKLY;BYDAY=SA",
                        "except",
                        List.of("2026-01-10")));

        assertThat(saturday.findAt(Instant.parse("2026-01-03T17:59:00Z")))
                .as("Sunday 01:59")
                .isPresent();
        assertThat(saturday.findAt(Instant.parse("2026-01-03T18:00:00Z")))
                .as("Sunday 02:00")
                .isEmpty();
        assertThat(saturday.findAt(Instant.parse("2026-01-10T15:00:00Z")))
                .as("excepted")
                .isEmpty();
        assertThat(saturday.findAt(Instant.parse("2026-01-17T15:00:00Z"))).isPresent();
    }

    @Test
    void a_leap_day_comes_every_fourth_year() {
        Timing yearly = amsterdam("2024-02-29", "duration", "P1D", "recurrence", "FREQ=YEARLY");

        assertThat(starts(yearly).stream().limit(3))
                .containsExactly(
                        "2024-02-28T23:00:00Z/2024-02-29T23:00:00Z",
                        "2028-02-28T23:00:00Z/2028-02-29T23:00:00Z",
                        "2032-02-28T23:00:00Z/2032-02-29T23:00:00Z");
    }

    @Test
    void the_end_of_a_long_one_is_that_of_the_occurrence_that_goes_on() {
        Timing week = amsterdam("2026-11-20", "duration", "P10D", "recurrence", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20");

        assertThat(week.findAt(Instant.parse("2031-11-29T22:59:59Z")))
                .contains(occurrence("2031-11-19T23:00:00Z", "2031-11-29T23:00:00Z"));
        assertThat(week.findAt(Instant.parse("2031-11-29T23:00:00Z"))).isEmpty();
    }

    /** Lists made with the examples of RFC 5545 §3.8.5.3. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            1997-09-02 | FREQ=DAILY;COUNT=10                                | 09-02 09-03 09-04 09-05 09-06 09-07 09-08 09-09 09-10 09-11
            1997-09-02 | FREQ=DAILY;INTERVAL=10;COUNT=5                     | 09-02 09-12 09-22 10-02 10-12
            1997-09-02 | FREQ=WEEKLY;INTERVAL=2;COUNT=8;BYDAY=TU,TH         | 09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16
            1997-08-05 | FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU         | 08-05 08-10 08-19 08-24
            1997-09-05 | FREQ=MONTHLY;COUNT=10;BYDAY=1FR                    | 09-05 10-03 11-07 12-05 01-02 02-06 03-06 04-03 05-01 06-05
            1997-09-07 | FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU    | 09-07 09-28 11-02 11-30 01-04 01-25 03-01 03-29 05-03 05-31
            1997-09-22 | FREQ=MONTHLY;COUNT=6;BYDAY=-2MO                    | 09-22 10-20 11-17 12-22 01-19 02-16
            1997-09-28 | FREQ=MONTHLY;COUNT=6;BYMONTHDAY=-3                 | 09-28 10-29 11-28 12-29 01-29 02-26
            1997-09-30 | FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1               | 09-30 10-01 10-31 11-01
            1997-06-10 | FREQ=YEARLY;COUNT=4;BYMONTH=6,7                    | 06-10 07-10 06-10 07-10
            1997-05-19 | FREQ=YEARLY;COUNT=3;BYDAY=20MO                     | 05-19 05-18 05-17
            1997-03-13 | FREQ=YEARLY;BYMONTH=3;BYDAY=TH;UNTIL=19980312      | 03-13 03-20 03-27 03-05 03-12
            1998-02-13 | FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;UNTIL=19991231 | 02-13 03-13 11-13 08-13
            1996-11-05 | FREQ=YEARLY;INTERVAL=4;COUNT=3;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8 | 11-05 11-07 11-02
            1997-01-31 | FREQ=MONTHLY;COUNT=4                               | 01-31 03-31 05-31 07-31
            """)
    void it_repeats_as_the_standard_says(String first, String recurrence, String days) {
        Timing timing = timing("UTC", Map.of("from", first, "duration", "PT1H", "recurrence", recurrence));

        List<Occurrence> occurrences = timing.between(Instant.parse("1990-01-01T00:00:00Z"), FOREVER, 100);

        assertThat(occurrences.stream().map(one -> one.start().toString().substring(5, 10)))
                .containsExactly(days.split(" "));
    }

    private static Timing amsterdam(String from, String... rest) {
        Map<String, Object> entry = new HashMap<>(Map.of("from", from));
        for (int i = 0; i < rest.length; i += 2) {
            entry.put(rest[i], rest[i + 1]);
        }
        return timing("Europe/Amsterdam", entry);
    }

    private static Timing timing(String zone, Map<String, ?> entry) {
        return Timing.of(Fields.of("entry", entry), ZoneId.of(zone));
    }

    private static List<String> starts(Timing timing) {
        return timing.between(Instant.parse("1990-01-01T00:00:00Z"), FOREVER, 50).stream()
                .map(one -> one.start() + "/" + one.end())
                .toList();
    }

    private static Occurrence occurrence(String start, String end) {
        return new Occurrence(Instant.parse(start), Instant.parse(end));
    }
}
