package countersign.change.store;

import countersign.change.event.Happening;
import countersign.manifest.ChangeId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the changes and votes that were used last in memory, before a store that nobody else writes to. What is written
 * goes through to the store before it is remembered. Thread-safe: reading from the store and writing to it take turns, so
 * that nothing older overtakes what is newer; what is remembered is found without waiting for either.
 */
public final class RememberingChangeStore implements ChangeStore {
    private static final long NONE = -1;

    private final ChangeStore store;
    private final Map<Long, Change> changes;

    /** The newest number by name and by id; {@link #NONE} where the store has none. */
    private final Map<Object, Long> numbers;

    private final Map<ChangeId, List<Long>> votes;
    private volatile long projected = NONE;

    /** @param capacity how many changes are remembered */
    public RememberingChangeStore(ChangeStore store, int capacity) {
        this.store = store;
        this.changes = bounded(capacity);
        this.numbers = bounded(2 * capacity);
        this.votes = bounded(capacity);
    }

    @Override
    public Optional<Change> find(String name) {
        return newest(name, () -> store.find(name));
    }

    /** What no change is called, none of any day is called. */
    @Override
    public Optional<Change> find(ChangeId id) {
        Long ofName = get(numbers, id.name());
        return isNone(ofName) ? Optional.empty() : newest(id, () -> store.find(id));
    }

    @Override
    public Optional<Change> find(long number) {
        Change known = get(changes, number);
        return known != null ? Optional.of(known) : load(number);
    }

    @Override
    public List<Change> list(Query query) {
        return store.list(query);
    }

    @Override
    public List<Change> failed(String template) {
        return store.failed(template);
    }

    @Override
    public List<Change> failedAt(String system) {
        return store.failedAt(system);
    }

    @Override
    public List<Change> waiting(Waiting query) {
        return store.waiting(query);
    }

    @Override
    public int late(Instant now) {
        return store.late(now);
    }

    /** Whoever hears of it before it is remembered reads it from the store. */
    @Override
    public synchronized void save(Change change, List<Happening> happenings) {
        Long ofName = take(numbers, change.id().name());
        Long ofId = take(numbers, change.id());
        take(changes, change.number());
        store.save(change, happenings);
        remember(change);
        raise(change.id().name(), ofName, change.number());
        raise(change.id(), ofId == null && isNone(ofName) ? ofName : ofId, change.number());
    }

    @Override
    public long highestNumber() {
        return store.highestNumber();
    }

    @Override
    public long newestVote() {
        return store.newestVote();
    }

    @Override
    public List<Long> votes(ChangeId change) {
        List<Long> known = get(votes, change);
        return known != null ? known : loadVotes(change);
    }

    @Override
    public synchronized void addVote(ChangeId change, long index, List<Happening> happenings) {
        List<Long> known = take(votes, change);
        store.addVote(change, index, happenings);
        if (known != null) {
            TreeSet<Long> more = new TreeSet<>(known);
            more.add(index);
            put(votes, change, List.copyOf(more));
        }
    }

    @Override
    public List<Long> revocations() {
        return store.revocations();
    }

    @Override
    public void addRevocation(long index, List<Happening> happenings) {
        store.addRevocation(index, happenings);
    }

    @Override
    public List<Long> recoveries() {
        return store.recoveries();
    }

    @Override
    public void addRecovery(long index) {
        store.addRecovery(index);
    }

    @Override
    public Optional<Long> stop() {
        return store.stop();
    }

    @Override
    public void setStop(long index, List<Happening> happenings) {
        store.setStop(index, happenings);
    }

    @Override
    public List<Long> emergencies() {
        return store.emergencies();
    }

    @Override
    public void addEmergency(long index) {
        store.addEmergency(index);
    }

    @Override
    public long projected() {
        long known = projected;
        return known != NONE ? known : loadProjected();
    }

    @Override
    public synchronized void setProjected(long entries) {
        store.setProjected(entries);
        projected = Math.max(entries, projected());
    }

    @Override
    public synchronized void clear() {
        store.clear();
        forget(changes);
        forget(numbers);
        forget(votes);
        projected = NONE;
    }

    private Optional<Change> newest(Object key, Supplier<Optional<Change>> find) {
        Long number = get(numbers, key);
        if (number == null) {
            return loadNewest(key, find);
        }
        return number == NONE ? Optional.empty() : find(number.longValue());
    }

    private synchronized Optional<Change> loadNewest(Object key, Supplier<Optional<Change>> find) {
        Optional<Change> found = find.get();
        found.ifPresent(this::remember);
        put(numbers, key, found.map(Change::number).orElse(NONE));
        return found;
    }

    private synchronized Optional<Change> load(long number) {
        Optional<Change> found = store.find(number);
        found.ifPresent(this::remember);
        return found;
    }

    private synchronized List<Long> loadVotes(ChangeId change) {
        List<Long> found = store.votes(change);
        put(votes, change, found);
        return found;
    }

    private synchronized long loadProjected() {
        projected = store.projected();
        return projected;
    }

    private void remember(Change change) {
        put(changes, change.number(), change);
    }

    /** Whether the store had no change of a name, hence none of any day. */
    private static boolean isNone(@Nullable Long number) {
        return number != null && number == NONE;
    }

    /** What was not known stays so: the store may hold a newer one. */
    private void raise(Object key, @Nullable Long known, long number) {
        if (known != null) {
            put(numbers, key, Math.max(known, number));
        }
    }

    private static <K, V> @Nullable V get(Map<K, V> map, K key) {
        synchronized (map) {
            return map.get(key);
        }
    }

    /** Forgets one value, and says what it was. */
    private static <K, V> @Nullable V take(Map<K, V> map, K key) {
        synchronized (map) {
            return map.remove(key);
        }
    }

    private static <K, V> void put(Map<K, V> map, K key, V value) {
        synchronized (map) {
            map.put(key, value);
        }
    }

    private static void forget(Map<?, ?> map) {
        synchronized (map) {
            map.clear();
        }
    }

    private static <K, V> Map<K, V> bounded(int capacity) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > capacity;
            }
        };
    }
}
