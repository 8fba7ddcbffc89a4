package countersign.git;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/**
 * Makes long work on packs give way: while others write, it rests nine times as long as it has worked. For one thread
 * that works and any that says {@link #end}.
 */
final class Leisure extends EmptyProgressMonitor {
    private static final long WORK = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int REST = 9;

    private final IntSupplier written;
    private volatile boolean ended;
    private int lastWritten;
    private long since;

    /** @param written differs whenever somebody has written */
    Leisure(IntSupplier written) {
        this.written = written;
        this.lastWritten = written.getAsInt();
        this.since = System.nanoTime();
    }

    @Override
    public void update(int completed) {
        long worked = System.nanoTime() - since;
        if (worked < WORK) {
            return;
        }
        int now = written.getAsInt();
        if (now != lastWritten && !ended) {
            LockSupport.parkNanos(Math.min(worked * REST, TimeUnit.SECONDS.toNanos(1)));
        }
        lastWritten = now;
        since = System.nanoTime();
    }

    /** From now on nothing rests. */
    void end() {
        ended = true;
    }
}
