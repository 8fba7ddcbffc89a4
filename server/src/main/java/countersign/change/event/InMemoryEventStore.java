package countersign.change.event;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Events in memory. Thread-safe: every method holds its lock. */
public final class InMemoryEventStore implements EventStore {
    private final TreeMap<Long, Event> events = new TreeMap<>();
    private Consumer<List<Event>> listener = unheard -> {};
    private int streams;
    private long newest;
    private long dropped;

    @Override
    public synchronized String stream() {
        return "m" + streams;
    }

    @Override
    public synchronized long newest() {
        return newest;
    }

    @Override
    public synchronized long dropped() {
        return dropped;
    }

    @Override
    public synchronized List<Event> list(long after, int limit) {
        return events.tailMap(after, false).values().stream().limit(limit).toList();
    }

    @Override
    public synchronized void append(List<Happening> happenings) {
        List<Event> added = new ArrayList<>();
        for (Happening happening : happenings) {
            added.add(Event.of(++newest, happening));
        }
        added.forEach(event -> events.put(event.seq(), event));
        if (!added.isEmpty()) {
            listener.accept(List.copyOf(added));
        }
    }

    @Override
    public void force() {
        // memory is as safe as it gets
    }

    @Override
    public synchronized void drop(long upTo) {
        dropped = Math.max(dropped, Math.min(upTo, newest));
        events.headMap(dropped, true).clear();
    }

    @Override
    public synchronized void clear() {
        events.clear();
        streams++;
        newest = 0;
        dropped = 0;
    }

    @Override
    public synchronized void tell(Consumer<List<Event>> wanted) {
        listener = wanted;
    }
}
