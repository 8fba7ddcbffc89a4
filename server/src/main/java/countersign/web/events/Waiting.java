package countersign.web.events;

import countersign.change.event.Event;
import countersign.change.event.EventLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Somebody who waits for events behind a place. Thread-safe by its lock.
 */
final class Waiting {
    private static final int AT_ONCE = 500;

    private final EventLog log;
    private final Selection selection;
    private final int limit;
    private final CompletableFuture<Found> found = new CompletableFuture<>();
    private long seen;
    private int ticks;

    /**
     * What was found.
     *
     * @param events what was wanted of it, oldest first
     * @param seen up to which place all was looked at
     */
    record Found(List<Event> events, long seen) {
        Found {
            events = List.copyOf(events);
        }
    }

    /** @param ticks after how many ticks it waits no longer */
    Waiting(EventLog log, Selection selection, long seen, int limit, int ticks) {
        this.log = log;
        this.selection = selection;
        this.seen = seen;
        this.limit = limit;
        this.ticks = ticks;
    }

    CompletableFuture<Found> found() {
        return found;
    }

    /** Looks at what is new; true if the waiting is over, of which the executor tells. */
    synchronized boolean look(Executor executor) {
        List<Event> wanted = new ArrayList<>();
        while (wanted.size() < limit && log.hasAfter(seen)) {
            List<Event> events = log.after(seen, AT_ONCE);
            for (Event event : events) {
                if (wanted.size() < limit) {
                    seen = event.seq();
                    if (selection.matches(event)) {
                        wanted.add(event);
                    }
                }
            }
        }
        if (wanted.isEmpty() && ticks > 0) {
            return false;
        }
        Found all = new Found(wanted, seen);
        found.completeAsync(() -> all, executor);
        return true;
    }

    synchronized void tick() {
        ticks--;
    }

    /** Waits no longer. */
    synchronized void giveUp() {
        ticks = 0;
    }
}
