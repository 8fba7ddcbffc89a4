package countersign.change;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the changes of a repository. Thread-safe. */
final class Numbers {
    private final AtomicLong highest;

    Numbers(long highest) {
        this.highest = new AtomicLong(highest);
    }

    long next() {
        return highest.incrementAndGet();
    }
}
