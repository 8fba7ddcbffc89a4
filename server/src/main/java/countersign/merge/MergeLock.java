package countersign.merge;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one merge at a time happen in a repository, in the order of asking (PROTOCOL §5). */
public interface MergeLock {
    /** Runs the work while nobody else holds the lock; waits as long as it takes. Who holds it may hold it again. */
    <T> T hold(Supplier<T> work);

    /** The lock of a server that is alone with its repository. */
    static MergeLock inProcess() {
        ReentrantLock lock = new ReentrantLock(true);
        return new MergeLock() {
            @Override
            public <T> T hold(Supplier<T> work) {
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
