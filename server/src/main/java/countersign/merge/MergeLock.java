package countersign.merge;

import countersign.manifest.ChangeId;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Lets one merge at a time happen in a repository, in the order of asking (PROTOCOL §5). */
public interface MergeLock {
    /** Changes share locks, so that there are not as many locks as changes. */
    int STRIPES = 64;

    /** Runs the work while nobody else holds the lock; waits as long as it takes. Who holds it may hold it again. */
    <T> T hold(Supplier<T> work);

    /**
     * Does the work while nobody else in this repository works on the same change. Taken before {@link #hold(Supplier)}
     * if both are.
     */
    <T> T hold(ChangeId change, Supplier<T> work);

    /** The lock of a server that is alone with its repository. */
    static MergeLock inProcess() {
        ReentrantLock merges = new ReentrantLock(true);
        List<ReentrantLock> changes =
                Stream.generate(ReentrantLock::new).limit(STRIPES).toList();
        return new MergeLock() {
            @Override
            public <T> T hold(Supplier<T> work) {
                return hold(merges, work);
            }

            @Override
            public <T> T hold(ChangeId change, Supplier<T> work) {
                return hold(changes.get(Math.floorMod(change.hashCode(), STRIPES)), work);
            }

            private <T> T hold(ReentrantLock lock, Supplier<T> work) {
                lock.lock();
                try {
                    return work.get();
                } finally {
                    lock.unlock();
                }
            }
        };
    }
}
