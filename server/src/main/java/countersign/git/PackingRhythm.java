package countersign.git;

import countersign.git.object.GitObjects;
import countersign.git.object.Journal;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When what is pending gets files and when packs are merged: files a quarter of a second after the last write, or a second
 * after the first; merges beside that, leisurely, and of everything only after half a minute without a write. Each of the
 * two has a thread of its own, so that no merge keeps files waiting.
 */
final class PackingRhythm {
    private static final Logger LOG = LoggerFactory.getLogger(PackingRhythm.class);
    private static final int TICK_MILLIS = 50;
    private static final int TICKS_UNTIL_QUIET = 5;
    private static final int TICKS_UNTIL_FLUSH = 20;
    private static final int TICKS_UNTIL_LONG_QUIET = 600;
    private static final int MANY_PENDING = 5_000;
    private static final int PACK_AFTER_RECORDS = 4_000;

    private final GitObjects objects;
    private final Journal journal;
    private final Packing packing;
    private final PackMerging merging;
    private final ScheduledExecutorService flusher =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "flushing"));
    private final ExecutorService merger = Executors.newSingleThreadExecutor(task -> daemon(task, "packing"));
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Leisure leisure;
    private volatile boolean merges;
    private int waiting;
    private int quiet;
    private int lastSize;

    PackingRhythm(GitObjects objects, Journal journal, Packing packing, PackMerging merging) {
        this.objects = objects;
        this.journal = journal;
        this.packing = packing;
        this.merging = merging;
        this.leisure = new Leisure(journal::size);
    }

    void start() {
        Future<?> unused = flusher.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** From now on merges packs, too. */
    void startMerging() {
        merges = true;
    }

    /** Runs something between two rounds, soon. */
    void execute(Runnable task) {
        flusher.execute(task);
    }

    /** Ends both threads and waits for a round that is under way; false if it takes more than a minute. */
    boolean stop() throws InterruptedException {
        flusher.shutdown();
        merger.shutdown();
        leisure.end();
        return flusher.awaitTermination(30, TimeUnit.SECONDS) && merger.awaitTermination(30, TimeUnit.SECONDS);
    }

    private void tick() {
        int size = journal.size();
        quiet = size == lastSize ? quiet + 1 : 0;
        lastSize = size;
        waiting++;
        try {
            if (quiet == TICKS_UNTIL_QUIET || waiting >= TICKS_UNTIL_FLUSH || objects.pendingCount() > MANY_PENDING) {
                waiting = 0;
                flush();
                mergeSoon(quiet >= TICKS_UNTIL_LONG_QUIET);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.error("writing files of the repository failed; it is tried again", failed);
        }
    }

    private void flush() throws IOException {
        if (journal.size() > PACK_AFTER_RECORDS) {
            packing.pack();
        } else {
            packing.flush();
        }
        lastSize = journal.size();
    }

    private void mergeSoon(boolean longQuiet) {
        if (merges && !merger.isShutdown() && busy.compareAndSet(false, true)) {
            merger.execute(() -> merge(longQuiet));
        }
    }

    private void merge(boolean longQuiet) {
        try {
            merging.merge(longQuiet, leisure);
        } catch (IOException | RuntimeException failed) {
            LOG.error("merging packs failed; it is tried again", failed);
        } finally {
            busy.set(false);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it; where it is heeded, people come first
    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.setDaemon(true);
        return thread;
    }
}
