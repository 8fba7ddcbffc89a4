package countersign.change.event;

import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events as they are told: each only once it would survive a power cut, so that no id that anybody has seen is ever
 * given to another event. Thread-safe. Whoever makes something happen waits for nothing here: one thread tells the
 * listeners, after the request that caused it was answered or meanwhile. The newest events are in memory.
 */
public final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    /** How many events are read without asking the store. */
    public static final int REMEMBERED = 4_096;

    /** How many events are kept, for those who come back. */
    private static final int KEPT = 100_000;

    private static final long PATIENCE_MILLIS = 5_000;
    private static final long PAUSE_NANOS = 50_000_000;

    /** While nobody listens, so many events or so long a time share one force. */
    private static final int MANY = 1_000;

    private static final long LONG_PAUSE_NANOS = 1_000_000_000;

    private final EventStore store;
    private final ConcurrentLinkedQueue<Event> pending = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Object publishing = new Object();

    /** The newest events, each at its place modulo the length. */
    private final AtomicReferenceArray<@Nullable Event> newest = new AtomicReferenceArray<>(REMEMBERED);

    private volatile long told;

    /** Whether events may have left the queue that are not told yet. */
    private volatile boolean draining;

    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    /** Someone who wants to know that there is something new. Called by one thread; must not wait for long. */
    public interface Listener {
        void told();

        Urgency urgency();
    }

    /** How soon a listener wants to be told. */
    public enum Urgency {
        /** It would do nothing. */
        NEVER,

        /** It waits until several events may share one force. */
        SOON,

        /** Somebody is waiting. */
        NOW
    }

    public EventLog(EventStore store) {
        this.store = store;
        this.told = store.newest();
        store.tell(this::add);
    }

    /** Begins to tell listeners. */
    public void start() {
        store.force();
        Thread made = new Thread(this::run, "events");
        made.setDaemon(true);
        thread = made;
        made.start();
    }

    /** Tells nobody any more, once those who are being told have been. */
    public void stop() {
        ended = true;
        Thread telling = thread;
        LockSupport.unpark(telling);
        if (telling != null) {
            try {
                telling.join(PATIENCE_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** The newest event that may be told. */
    public Cursor newest() {
        publish();
        return cursor(told);
    }

    /** The cursor of a place in this stream. */
    public Cursor cursor(long seq) {
        return new Cursor(store.stream(), seq);
    }

    /** The place before the oldest event that is kept. */
    public long oldest() {
        return store.dropped();
    }

    /** The place of a cursor in this stream, or a Refusal {@code cursor-gone} if what follows it is not kept any more. */
    public long place(Cursor cursor) {
        publish();
        if (!cursor.stream().equals(store.stream()) || cursor.seq() < store.dropped() || cursor.seq() > told) {
            throw new Refusal(
                    "cursor-gone",
                    "what happened after " + cursor + " is not kept any more; events go from " + cursor(store.dropped())
                            + " to " + cursor(told),
                    "read the changes anew, then watch without a cursor");
        }
        return cursor.seq();
    }

    /** Events behind a place that may be told, oldest first; none if there is nothing new. */
    public List<Event> after(long seq, int limit) {
        long last = Math.min(told, seq + limit);
        List<Event> events = new ArrayList<>();
        for (long place = seq + 1; place <= last; place++) {
            Event event = newest.get((int) (place % REMEMBERED));
            if (event == null || event.seq() != place) {
                return store.list(seq, (int) (last - seq));
            }
            events.add(event);
        }
        return events;
    }

    /** Whether there is something new behind a place. */
    public boolean hasAfter(long seq) {
        return seq < told;
    }

    /** Whether what follows a place is still in memory. */
    public boolean remembers(long seq) {
        long now = told;
        if (seq >= now) {
            return true;
        }
        Event event = newest.get((int) ((seq + 1) % REMEMBERED));
        return event != null && event.seq() == seq + 1;
    }

    /** Makes what has happened known to readers at once, and to listeners soon. */
    public void publish() {
        if (!pending.isEmpty() || draining) {
            drain();
            LockSupport.unpark(thread);
        }
    }

    /** Forgets what is older than anybody may ask for. */
    public void prune() {
        store.drop(told - KEPT);
    }

    private void add(List<Event> events) {
        pending.addAll(events);
        boolean many = waiting.addAndGet(events.size()) > MANY;
        if (many || urgency() == Urgency.NOW) {
            LockSupport.unpark(thread);
        }
    }

    private Urgency urgency() {
        Urgency most = Urgency.NEVER;
        for (Listener listener : listeners) {
            Urgency urgency = listener.urgency();
            most = urgency.compareTo(most) > 0 ? urgency : most;
        }
        return most;
    }

    /** Everything that was in the queue before the force is on the disk behind it. */
    private void drain() {
        synchronized (publishing) {
            draining = true;
            List<Event> ready = new ArrayList<>();
            for (Event event = pending.poll(); event != null; event = pending.poll()) {
                ready.add(event);
            }
            if (!ready.isEmpty()) {
                waiting.addAndGet(-ready.size());
                store.force();
                ready.forEach(event -> newest.set((int) (event.seq() % REMEMBERED), event));
                told = ready.get(ready.size() - 1).seq();
            }
            draining = false;
        }
    }

    private void run() {
        long seen = told;
        while (!ended) {
            try {
                drain();
                if (seen == told) {
                    LockSupport.parkNanos(this, pause());
                } else {
                    seen = told;
                    listeners.forEach(Listener::told);
                }
            } catch (IllegalStateException failed) {
                LOG.warn("telling of events failed and will be tried again", failed);
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
            if (!ended && urgency() != Urgency.NOW) {
                LockSupport.parkNanos(this, pause());
            }
        }
    }

    private long pause() {
        return urgency() == Urgency.NEVER ? LONG_PAUSE_NANOS : PAUSE_NANOS;
    }
}
