package countersign.web.events;

import countersign.change.event.EventLog;
import countersign.codec.Refusal;
import countersign.web.http.Exchange;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Everybody who watches, by a stream or by waiting for one answer. Thread-safe. Two threads serve all of them: one ticks
 * once a second, one gives answers to those who waited; streams are written by whoever tells of events.
 */
public final class Watchers implements EventLog.Listener {
    /** How many may watch or wait at a time. */
    static final int MOST = 20_000;

    private static final int HEARTBEAT_TICKS = 15;

    private final EventLog log;
    private final Frames frames;
    private final Set<Watcher> streaming = ConcurrentHashMap.newKeySet();
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(daemon("watch-clock"));
    private volatile boolean stopped;
    private final ExecutorService answering = Executors.newSingleThreadExecutor(daemon("watch-answers"));

    public Watchers(EventLog log) {
        this.log = log;
        this.frames = new Frames(log);
        log.addListener(this);
    }

    /** Begins to tick. */
    public void start() {
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Ends every stream and every wait; who comes back while the server still listens is sent away. */
    public void stop() {
        stopped = true;
        clock.shutdownNow();
        streaming.forEach(Watcher::end);
        waiting.forEach(this::giveUp);
        waiting.clear();
        answering.shutdown();
    }

    /** How many watch or wait. */
    public int size() {
        return streaming.size() + waiting.size();
    }

    @Override
    public void told() {
        streaming.forEach(Watcher::told);
        waiting.removeIf(each -> each.look(answering));
    }

    @Override
    public EventLog.Urgency urgency() {
        return streaming.isEmpty() && waiting.isEmpty() ? EventLog.Urgency.NEVER : EventLog.Urgency.NOW;
    }

    /** Answers with all events behind a place, as they come. */
    void stream(Exchange exchange, Selection selection, long seen) {
        requireRoom();
        Watcher added = new Watcher(log, frames, selection, exchange, seen);
        streaming.add(added);
        if (stopped) {
            added.end();
        }
    }

    /** Events behind a place; none if none came in time. */
    CompletableFuture<Waiting.Found> await(Selection selection, long seen, int limit, Duration patience) {
        if (!patience.isZero()) {
            requireRoom();
        }
        Waiting added = new Waiting(log, selection, seen, limit, (int) patience.toSeconds());
        waiting.add(added);
        if (stopped) {
            waiting.remove(added);
            throw stopping();
        }
        if (added.look(answering)) {
            waiting.remove(added);
        }
        return added.found();
    }

    /** One tick of the clock, a second apart. */
    void tick() {
        streaming.removeIf(Watcher::hasEnded);
        streaming.forEach(watcher -> watcher.tick(HEARTBEAT_TICKS));
        waiting.forEach(Waiting::tick);
        waiting.removeIf(each -> each.look(answering));
    }

    private void giveUp(Waiting each) {
        each.giveUp();
        each.look(answering);
    }

    private static Refusal stopping() {
        return new Refusal("busy", "the server stops", "ask again in a moment");
    }

    private void requireRoom() {
        if (size() >= MOST) {
            throw new Refusal("busy", size() + " clients watch already", "try again later, or ask without waiting");
        }
    }

    private static ThreadFactory daemon(String name) {
        return work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        };
    }
}
