package countersign.repository;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Facts by id that never change, at most {@code 2 × capacity} of them. Thread-safe: two generations of concurrent maps,
 * the older one is dropped when the younger one is full; what is read from the older one moves to the younger one.
 */
final class Remembered<V> {
    private final int capacity;
    private volatile Map<String, V> young = new ConcurrentHashMap<>();
    private volatile Map<String, V> old = new ConcurrentHashMap<>();

    Remembered(int capacity) {
        this.capacity = capacity;
    }

    Optional<V> find(String id) {
        V fact = young.get(id);
        if (fact != null) {
            return Optional.of(fact);
        }
        V older = old.get(id);
        if (older != null) {
            put(id, older);
        }
        return Optional.ofNullable(older);
    }

    void put(String id, V fact) {
        if (young.size() >= capacity) {
            turnOver();
        }
        young.put(id, fact);
    }

    private synchronized void turnOver() {
        if (young.size() >= capacity) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }
}
