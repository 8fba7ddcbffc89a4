package countersign.repository;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Facts that never change, by what they follow from: the ids or digests of bytes. At most {@code 2 × capacity} of them.
 * Thread-safe: two generations of concurrent maps, the older one is dropped when the younger one is full; what is read
 * from the older one moves to the younger one.
 */
public final class Remembered<V> {
    private final int capacity;
    private final @Nullable Remembered<V> known;
    private volatile Map<String, V> young = new ConcurrentHashMap<>();
    private volatile Map<String, V> old = new ConcurrentHashMap<>();

    public Remembered(int capacity) {
        this.capacity = capacity;
        this.known = null;
    }

    /** Also answers with what another one knows. */
    public Remembered(int capacity, Remembered<V> known) {
        this.capacity = capacity;
        this.known = known;
    }

    /** The fact; empty if it was never put or is forgotten. */
    public Optional<V> find(String id) {
        V fact = young.get(id);
        if (fact != null) {
            return Optional.of(fact);
        }
        V older = old.get(id);
        if (older != null) {
            put(id, older);
            return Optional.of(older);
        }
        return known == null ? Optional.empty() : known.find(id);
    }

    public void put(String id, V fact) {
        if (young.size() >= capacity) {
            turnOver();
        }
        young.put(id, fact);
    }

    /**
     * The fact, found out if it is not known. Two threads may find it out at once, and a fact that is not there to be
     * found, because the supplier throws, is not remembered.
     */
    public V get(String id, Supplier<V> findOut) {
        return find(id).orElseGet(() -> {
            V fact = findOut.get();
            put(id, fact);
            return fact;
        });
    }

    private synchronized void turnOver() {
        if (young.size() >= capacity) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }
}
