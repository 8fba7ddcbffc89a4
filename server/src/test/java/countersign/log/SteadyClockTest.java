package countersign.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SteadyClockTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final AtomicReference<Instant> machine = new AtomicReference<>(NOON);
    private final AtomicLong nanoseconds = new AtomicLong(Long.MAX_VALUE - 5);
    private final SteadyClock clock = new SteadyClock(machine::get, nanoseconds::get);

    @Test
    void it_reads_what_the_machine_reads_while_time_goes_on_and_the_counter_overflows() {
        passes(Duration.ofDays(3));

        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofDays(3)));
        assertThat(clock.findProblem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5M", "-PT5M"})
    void five_minutes_are_a_clock_that_is_set_right(Duration step) {
        jumps(step);

        assertThat(clock.instant()).isEqualTo(NOON.plus(step));
        assertThat(clock.findProblem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5M0.001S", "-PT5M0.001S", "P400D", "-P400D"})
    void more_is_a_jump_during_which_it_goes_on_as_if_nobody_had_touched_it(Duration jump) {
        passes(Duration.ofHours(1));
        jumps(jump);
        passes(Duration.ofMinutes(1));

        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofMinutes(61)));
        assertThat(clock.findProblem())
                .hasValueSatisfying(problem -> assertThat(problem.rule()).isEqualTo("clock-jumped"));
    }

    @Test
    void it_believes_the_machine_again_once_both_agree() {
        jumps(Duration.ofHours(1));
        assertThat(clock.findProblem()).isPresent();

        jumps(Duration.ofMinutes(-58));

        assertThat(clock.findProblem()).isEmpty();
        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofMinutes(2)));
    }

    @Test
    void many_small_steps_are_a_jump_together() {
        for (int step = 0; step < 6; step++) {
            jumps(Duration.ofMinutes(1));
        }

        assertThat(clock.findProblem()).isPresent();
        assertThat(clock.instant()).isEqualTo(NOON);
    }

    private void passes(Duration time) {
        machine.updateAndGet(now -> now.plus(time));
        nanoseconds.addAndGet(time.toNanos());
    }

    private void jumps(Duration step) {
        machine.updateAndGet(now -> now.plus(step));
    }
}
