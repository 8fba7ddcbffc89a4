package countersign.log;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogClockTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> machine = new AtomicReference<>(NOON.plusMillis(900));

    @Test
    void it_shows_whole_seconds_and_never_goes_back() {
        try (RecordLog log = LogFixture.open(folder)) {
            LogClock clock = new LogClock(log, SteadyClock.believing(machine::get));
            assertThat(clock.now()).isEqualTo(NOON);

            machine.set(NOON.minus(Duration.ofHours(1)));
            assertThat(clock.now()).isEqualTo(NOON);

            machine.set(NOON.plusSeconds(5));
            assertThat(clock.now()).isEqualTo(NOON.plusSeconds(5));
        }
    }

    @Test
    void it_begins_where_the_log_ends() {
        try (RecordLog log = LogFixture.open(folder)) {
            Sha256 root = Sha256.of(new byte[0]);
            log.append(new LogEntry.Genesis("shop", 1, "a".repeat(40), root, NOON.plusSeconds(60)));

            assertThat(new LogClock(log, SteadyClock.believing(machine::get)).now())
                    .isEqualTo(NOON.plusSeconds(60));
        }
    }

    @Test
    void it_stands_still_while_a_merge_is_judged() {
        try (RecordLog log = LogFixture.open(folder)) {
            LogClock clock = new LogClock(log, SteadyClock.believing(machine::get));

            Instant seen = clock.stopped(time -> {
                machine.set(NOON.plusSeconds(90));
                assertThat(clock.now()).isEqualTo(time);
                return time;
            });

            assertThat(seen).isEqualTo(NOON);
            assertThat(clock.now()).isEqualTo(NOON.plusSeconds(90));
        }
    }

    @Test
    void a_moment_of_another_time_leaves_no_trace() {
        try (RecordLog log = LogFixture.open(folder)) {
            LogClock clock = new LogClock(log, new SteadyClock(machine::get, () -> 0));

            machine.set(NOON.plus(Duration.ofDays(30)));
            assertThat(clock.now()).isEqualTo(NOON);
            assertThat(clock.findProblem())
                    .hasValueSatisfying(problem -> assertThat(problem.rule()).isEqualTo("clock-jumped"));

            machine.set(NOON.plusSeconds(2));
            assertThat(clock.now()).isEqualTo(NOON.plusSeconds(2));
            assertThat(clock.findProblem()).isEmpty();
        }
    }

    @Test
    void a_log_that_is_dated_more_than_five_minutes_ahead_is_a_problem_until_the_clock_is_there() {
        try (RecordLog log = LogFixture.open(folder)) {
            Instant ahead = NOON.plusSeconds(301);
            log.append(new LogEntry.Genesis("shop", 1, "a".repeat(40), Sha256.of(new byte[0]), ahead));
            machine.set(NOON);
            LogClock clock = new LogClock(log, SteadyClock.believing(machine::get));

            assertThat(clock.findProblem()).hasValueSatisfying(problem -> {
                assertThat(problem.rule()).isEqualTo("clock-behind-log");
                assertThat(problem.message()).contains(ahead.toString(), NOON.toString());
            });

            machine.set(NOON.plusSeconds(1));
            assertThat(clock.findProblem()).isEmpty();
        }
    }
}
