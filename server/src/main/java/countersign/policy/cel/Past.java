package countersign.policy.cel;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * What {@code history} stands for in expressions.
 *
 * @param failures how many changes failed at a system behind a moment
 * @param now the time that the decision is made for
 */
public record Past(BiFunction<String, Instant, Long> failures, Instant now) {
    long failures(String system, Duration within) {
        return failures.apply(system, now.minus(within));
    }
}
