package countersign.apply;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.codec.Refusal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread that applies what is due. What is due is read from the log at the start, so it survives every crash. Stops
 * by itself, and says why, when the log can't take a receipt. Thread-safe: every field is guarded by the lock.
 */
public final class ApplyQueue implements AutoCloseable {
    /** How long a stop waits. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Applications applications;
    private final Applier applier;
    private final ApplyLog log;

    private @Nullable Thread worker;
    private @Nullable String problem;
    private boolean stopping;
    private long merged;

    public ApplyQueue(Applications applications, Applier applier, ApplyLog log) {
        this.applications = applications;
        this.applier = applier;
        this.log = log;
    }

    /** Reads the log and starts the thread. */
    public synchronized void start() {
        if (worker != null) {
            throw new IllegalStateException("started already");
        }
        applications.replay(log);
        Thread thread = new Thread(this::work, "apply");
        thread.setUncaughtExceptionHandler((dead, bug) -> stopped("bug: " + bug));
        thread.setDaemon(true);
        worker = thread;
        thread.start();
    }

    /** Tells that a change was merged; returns at once. */
    public synchronized void merged(MergedChange change) {
        applications.merged(change);
        merged++;
        notifyAll();
    }

    /** Why nothing is applied any more; empty while all is well. */
    public synchronized Optional<String> findProblem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Ends the thread after the unit it is at, or leaves it alone if that takes longer than {@link #PATIENCE}; what is left
     * is due again at the next start.
     */
    public void stop() {
        applier.stop();
        Thread ending;
        synchronized (this) {
            stopping = true;
            notifyAll();
            ending = worker;
        }
        if (ending != null && ending != Thread.currentThread()) {
            join(ending);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void work() {
        try {
            while (awaitWork()) {
                long seen = merged();
                if (!applier.applyNext()) {
                    pause(seen);
                }
            }
        } catch (Refusal refused) {
            stopped(refused.findings().get(0).toString());
        } catch (UncheckedIOException failed) {
            stopped("environment: " + failed.getMessage());
        }
    }

    private synchronized boolean awaitWork() {
        try {
            while (!stopping && applications.due() == 0) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            stopping = true;
        }
        return !stopping;
    }

    private synchronized long merged() {
        return merged;
    }

    /** All that is due waits for the end of a freeze: looks again later, or when something is merged. */
    private synchronized void pause(long seen) {
        try {
            if (!stopping && merged == seen) {
                TimeUnit.NANOSECONDS.timedWait(this, Applier.LOOK_AGAIN.toNanos());
            }
        } catch (InterruptedException interrupted) {
            stopping = true;
        }
    }

    private synchronized void stopped(String why) {
        problem = why;
    }

    private static void join(Thread ending) {
        try {
            ending.join(PATIENCE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
