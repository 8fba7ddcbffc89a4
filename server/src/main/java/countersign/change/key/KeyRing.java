package countersign.change.key;

import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.RevokedKeys;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Which keys are revoked now. Thread-safe: no statement is judged and logged while a key is being revoked, so that the log
 * never holds a statement by a key that an entry before it revokes.
 */
public final class KeyRing {
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
    private volatile RevokedKeys present = RevokedKeys.none();

    public RevokedKeys present() {
        return present;
    }

    /** Takes note of a revocation in the log. What is known already changes nothing. */
    public synchronized void note(LoggedRevocation logged) {
        present = present.with(logged);
    }

    /** Does what no revocation may overlap; any number of threads at once. */
    public <T> T betweenRevocations(Supplier<T> work) {
        return hold(lock.readLock(), work);
    }

    <T> T revoking(Supplier<T> work) {
        return hold(lock.writeLock(), work);
    }

    private static <T> T hold(Lock held, Supplier<T> work) {
        held.lock();
        try {
            return work.get();
        } finally {
            held.unlock();
        }
    }
}
