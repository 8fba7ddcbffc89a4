package countersign.web.events;

import countersign.change.event.Event;
import countersign.change.event.EventLog;
import countersign.web.http.Exchange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The changes that something happens to, for those who watch them instead of events. Thread-safe. */
public final class ChangeFeed {
    /** The word for the cursor of the present. */
    private static final String NOW = "now";

    private static final int AT_ONCE = 200;

    private final EventLog log;
    private final Watchers watchers;

    public ChangeFeed(EventLog log, Watchers watchers) {
        this.log = log;
        this.watchers = watchers;
    }

    /**
     * What happened behind a cursor.
     *
     * @param changes names of the changes that something happened to, each once, the last to move last
     * @param next the cursor to go on from
     */
    public record Touched(List<String> changes, String next) {
        public Touched {
            changes = List.copyOf(changes);
        }
    }

    /** What happens behind the cursor {@code watch}, as soon as it does; nothing if the time {@code wait} is over before. */
    public CompletableFuture<Touched> await(Exchange exchange) {
        Optional<String> after = exchange.query("watch").filter(word -> !word.equals(NOW));
        long seen = EventEndpoints.place(log, after);
        Selection all = new Selection(Optional.empty(), Set.of());
        return watchers.await(all, seen, AT_ONCE, EventEndpoints.patience(exchange))
                .thenApply(found -> new Touched(
                        names(found.events()), log.cursor(found.seen()).toString()));
    }

    private static List<String> names(List<Event> events) {
        Set<String> names = new LinkedHashSet<>();
        events.stream().map(Event::change).filter(Objects::nonNull).forEach(name -> {
            names.remove(name);
            names.add(name);
        });
        return List.copyOf(names);
    }
}
