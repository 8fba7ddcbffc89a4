package countersign.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who guesses: after some failures of one subject each further one doubles the time until the next attempt. A
 * subject is what the guesser can't choose freely together with whom they guess at, such as a network and a person; never
 * a person alone, so nobody can lock out somebody else. Remembers a bounded number of subjects, the longest quiet ones
 * are forgotten first. Thread-safe by one lock.
 */
final class Throttle {
    private static final int MAX_SUBJECTS = 100_000;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration REMEMBERED = LONGEST.multipliedBy(2);

    private final int free;
    private final InstantSource clock;
    private final Map<String, Failures> bySubject = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MAX_SUBJECTS;
        }
    };

    /** @param free how many failures cost nothing yet */
    public Throttle(int free, InstantSource clock) {
        this.free = free;
        this.clock = clock;
    }

    private record Failures(int count, Instant until) {}

    /** How long the subject must wait; zero if it need not. */
    public synchronized Duration delay(String subject) {
        Failures failures = bySubject.get(subject);
        Instant now = clock.instant();
        return failures == null || !now.isBefore(failures.until)
                ? Duration.ZERO
                : Duration.between(now, failures.until);
    }

    /** Counts a failure. One that is older than twice the longest wait is forgotten. */
    public synchronized void failed(String subject) {
        Instant now = clock.instant();
        Failures before = bySubject.get(subject);
        int count = 1 + (before == null || now.isAfter(before.until.plus(REMEMBERED)) ? 0 : before.count);
        bySubject.put(subject, new Failures(count, now.plus(pause(count))));
    }

    /** Forgets the subject's failures. */
    public synchronized void succeeded(String subject) {
        bySubject.remove(subject);
    }

    private Duration pause(int count) {
        if (count < free) {
            return Duration.ZERO;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(count - free, 20));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
