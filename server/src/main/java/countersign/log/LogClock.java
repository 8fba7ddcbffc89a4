package countersign.log;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The clock by which one log's entries are dated, in seconds: it never goes back, whatever the machine's does, and stands
 * still while a merge is judged, so that no entry before the merge entry is later than it (PROTOCOL §4.4). Thread-safe.
 */
public final class LogClock {
    /** Entries appended together may stand in another order than they were dated in. */
    private static final int RECENT = 512;

    private final InstantSource clock;
    private Instant last;
    private boolean stopped;

    /** Begins where the log ends. */
    public LogClock(RecordLog log, InstantSource clock) {
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
