package countersign.apply;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.codec.Refusal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that applies what is due. What is due is read from the log at the start, so it survives every crash. While
 * the log can't take a receipt it says why, and tries again now and then. Thread-safe: every field is guarded by the lock.
 */
public final class ApplyQueue implements AutoCloseable {
    /** How long a stop waits. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ApplyQueue.class);

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
        thread.setUncaughtExceptionHandler((dead, bug) -> failed("bug: " + bug));
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

    /** Why nothing is applied; empty while all is well. */
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
        while (awaitWork()) {
            long seen = merged();
            if (!applyNext()) {
                pause(seen);
            }
        }
    }

    /** False if nothing can be done now: it waits for the end of a freeze, or for what {@link #findProblem} names. */
    private boolean applyNext() {
        try {
            boolean applied = applier.applyNext();
            mended();
            return applied;
        } catch (Refusal refused) {
            failed(refused.findings().get(0).toString());
        } catch (UncheckedIOException failed) {
            failed("environment: " + failed.getMessage());
        }
        return false;
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

    /** Looks again later, or when something is merged. */
    private synchronized void pause(long seen) {
        try {
            if (!stopping && merged == seen) {
                TimeUnit.NANOSECONDS.timedWait(this, Applier.LOOK_AGAIN.toNanos());
            }
        } catch (InterruptedException interrupted) {
            stopping = true;
        }
    }

    private synchronized void failed(String why) {
        if (!why.equals(problem)) {
            LOG.error("nothing is applied: {}", why);
        }
        problem = why;
    }

    private synchronized void mended() {
        problem = null;
    }

    private static void join(Thread ending) {
        try {
            ending.join(PATIENCE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
