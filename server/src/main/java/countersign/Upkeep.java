package countersign;

import countersign.codec.Refusal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server does now and then on one thread of its own. Thread-safe. */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int PATIENCE_SECONDS = 30;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "upkeep");
        made.setDaemon(true);
        return made;
    });

    /** Does the work now, and again each time it has rested for so long. Where it fails, it is tried again then. */
    void every(Duration rest, String what, Runnable work) {
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(() -> attempt(what, work), 0, rest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does what it is handed once, a moment later. Where that fails, it is left undone. */
    Executor after(Duration moment, String what) {
        return work -> {
            if (!thread.isShutdown()) {
                ScheduledFuture<?> unused =
                        thread.schedule(() -> attempt(what, work), moment.toMillis(), TimeUnit.MILLISECONDS);
            }
        };
    }

    /** Begins nothing more, interrupts what was begun, and waits until it ends. */
    void stop() {
        thread.shutdownNow();
        await();
    }

    /** Begins nothing more, and waits until what was begun ends by itself: an interrupt would close the database's file. */
    void finish() {
        thread.shutdown();
        await();
    }

    private void await() {
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("upkeep did not end within {} seconds", PATIENCE_SECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (Refusal | UncheckedIOException | IllegalStateException failed) {
            LOG.warn("{} failed and will be tried again", what, failed);
        }
    }
}
