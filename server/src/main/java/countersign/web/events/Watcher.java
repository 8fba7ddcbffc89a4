package countersign.web.events;

import countersign.change.event.Event;
import countersign.change.event.EventLog;
import countersign.web.http.Exchange;
import countersign.web.http.PulledStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client of the event stream: what it has seen, and nothing of what it has not. One that falls further behind than
 * what is in memory is dropped, and comes back with the id that it saw last. Thread-safe as {@link PulledStream} is.
 */
final class Watcher {
    private static final byte[] NOTHING = new byte[0];
    private static final int AT_ONCE = 64;

    private final EventLog log;
    private final Frames frames;
    private final Selection selection;
    private final Exchange exchange;
    private final PulledStream stream;
    private final AtomicLong seen;
    private final AtomicInteger quietTicks = new AtomicInteger();
    private volatile boolean greeting = true;

    /** Whether it has yet to read what happened before it came, for which memory need not be enough. */
    private volatile boolean catchingUp = true;

    Watcher(EventLog log, Frames frames, Selection selection, Exchange exchange, long seen) {
        this.log = log;
        this.frames = frames;
        this.selection = selection;
        this.exchange = exchange;
        this.seen = new AtomicLong(seen);
        exchange.set("Cache-Control", "no-store");
        exchange.set("X-Accel-Buffering", "no");
        exchange.set("Connection", "close");
        this.stream = exchange.pulled("text/event-stream", this::next);
    }

    /** Sends what is new. */
    void told() {
        stream.pump();
    }

    /** Drops one that is too far behind, and says that all is well if nothing was sent for so many ticks. */
    void tick(int patience) {
        if (isTooFarBehind()) {
            stream.end();
            return;
        }
        if (quietTicks.incrementAndGet() >= patience) {
            greeting = true;
            stream.pump();
        }
    }

    void end() {
        stream.end();
    }

    boolean hasEnded() {
        return stream.hasEnded();
    }

    private byte[] next() {
        if (log.hasAfter(seen.get()) || greeting) {
            if (!exchange.isStillAllowed() || isTooFarBehind()) {
                stream.end();
                return NOTHING;
            }
            byte[] news = news();
            return news.length > 0 || !greeting ? news : greeting();
        }
        catchingUp = false;
        return NOTHING;
    }

    private boolean isTooFarBehind() {
        return !catchingUp && !log.remembers(seen.get());
    }

    /** The next that is wanted; nothing if none of what is new is. */
    private byte[] news() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() == 0 && log.hasAfter(seen.get())) {
            List<Event> events = log.after(seen.get(), AT_ONCE);
            events.stream().filter(selection::matches).map(frames::of).forEach(bytes::writeBytes);
            seen.addAndGet(events.size());
        }
        quietTicks.set(bytes.size() == 0 ? quietTicks.get() : 0);
        return bytes.toByteArray();
    }

    /** An id without an event: clients keep it and show nothing. */
    private byte[] greeting() {
        greeting = false;
        quietTicks.set(0);
        return (": watching\nid: " + log.cursor(seen.get()) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
