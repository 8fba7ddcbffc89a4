package countersign.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a message that did not arrive is sent again: later each time, a bit by chance, and not for ever. Thread-safe. */
final class Retries {
    static final Duration FIRST = Duration.ofSeconds(5);
    static final Duration LONGEST = Duration.ofHours(4);

    /** Behind the first attempt there is none after so long. */
    static final Duration GIVE_UP = Duration.ofDays(3);

    private static final int DOUBLINGS = 20;

    private final RandomGenerator random;

    Retries(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The next attempt.
     *
     * @param attempts how many there were, at least one
     * @param first when the first was
     */
    Optional<Instant> next(int attempts, Instant first, Instant now) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS));
        long millis = Math.min(doubled.toMillis(), LONGEST.toMillis());
        Instant next = now.plusMillis(millis / 2 + random.nextLong(millis));
        return next.isAfter(first.plus(GIVE_UP)) ? Optional.empty() : Optional.of(next);
    }
}
