package countersign.activity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what may happen very often, window by window, so that nobody can flood the log: the first of a kind is noted at
 * once, how many more there were at the window's end. Thread-safe; what happens while a window ends may be counted in
 * either.
 *
 * @param <K> what tells one thing from another
 */
final class Counter<K> {
    /** Beyond so many different things in a window, the others are counted together. */
    static final int MOST = 1_000;

    private final Duration window;
    private final Map<K, AtomicLong> further = new ConcurrentHashMap<>();
    private final AtomicLong others = new AtomicLong();
    private volatile Instant start;

    Counter(Duration window, Instant now) {
        this.window = window;
        this.start = begin(now);
    }

    /**
     * How often something happened again.
     *
     * @param start when its window began
     * @param key what happened; empty for what was too various to be told apart
     */
    record Counted<K>(Instant start, Optional<K> key, long count) {}

    /** Counts; true if it is the first in this window and is to be noted. */
    boolean isFirst(K key) {
        AtomicLong known = further.get(key);
        if (known != null) {
            known.incrementAndGet();
            return false;
        }
        if (further.size() >= MOST) {
            others.incrementAndGet();
            return false;
        }
        return further.putIfAbsent(key, new AtomicLong()) == null;
    }

    /** What was counted in a window that is over; nothing while it lasts. */
    List<Counted<K>> ended(Instant now) {
        Instant begin = begin(now);
        return begin.isAfter(start) ? close(begin) : List.of();
    }

    /** What was counted so far in a window that is given up. */
    List<Counted<K>> rest() {
        return close(start);
    }

    private List<Counted<K>> close(Instant next) {
        List<Counted<K>> counted = new ArrayList<>();
        for (K key : List.copyOf(further.keySet())) {
            AtomicLong count = further.remove(key);
            if (count != null && count.get() > 0) {
                counted.add(new Counted<>(start, Optional.of(key), count.get()));
            }
        }
        long unnamed = others.getAndSet(0);
        if (unnamed > 0) {
            counted.add(new Counted<>(start, Optional.empty(), unnamed));
        }
        start = next;
        return counted;
    }

    private Instant begin(Instant now) {
        return Instant.ofEpochSecond(now.getEpochSecond() - now.getEpochSecond() % window.toSeconds());
    }
}
