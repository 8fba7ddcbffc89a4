package countersign.log;

import countersign.codec.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The clock by which one log's entries are dated, in seconds: it never goes back, whatever the machine's does, and stands
 * still while a merge is judged, so that no entry before the merge entry is later than it (PROTOCOL §4.4). Thread-safe.
 */
public final class LogClock {
    /** Entries appended together may stand in another order than they were dated in. */
    private static final int RECENT = 512;

    private final SteadyClock clock;
    private Instant last;
    private boolean stopped;

    /** Begins where the log ends. */
    public LogClock(RecordLog log, SteadyClock clock) {
        this.clock = clock;
        this.last = log.entries(Math.max(0, log.size() - RECENT), log.size())
                .map(LogEntry::parse)
                .map(LogEntry::time)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** The present, as an entry may say it. */
    public synchronized Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!stopped && now.isAfter(last)) {
            last = now;
        }
        return last;
    }

    /**
     * Why no merge can be dated now: the machine's clock jumped ({@code clock-jumped}), or the log is dated further ahead of it
     * than anybody accepts a merge ({@code clock-behind-log}). Empty while all is well.
     */
    public Optional<Finding> findProblem() {
        return clock.findProblem().or(this::behindLog);
    }

    private synchronized Optional<Finding> behindLog() {
        Instant now = clock.instant();
        return Duration.between(now, last).compareTo(SteadyClock.TOLERANCE) <= 0
                ? Optional.empty()
                : Optional.of(
                        Finding.error(
                                        "clock-behind-log",
                                        "the record log is dated up to " + last + ", the machine's clock reads " + now
                                                + "; a merge would be dated in the future, and nobody would apply it")
                                .withWayOut(
                                        "set the clock right; if the log is wrong, wait, or restore --as-copy at an earlier merge"));
    }

    /** Does one work at a time with the clock stopped; the work is told the time. */
    public <T extends @Nullable Object> T stopped(Function<Instant, T> work) {
        Instant time = stop();
        try {
            return work.apply(time);
        } finally {
            start();
        }
    }

    private synchronized Instant stop() {
        Instant time = now();
        stopped = true;
        return time;
    }

    private synchronized void start() {
        stopped = false;
    }
}
