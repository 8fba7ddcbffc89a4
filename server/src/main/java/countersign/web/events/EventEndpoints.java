package countersign.web.events;

import countersign.change.event.Cursor;
import countersign.change.event.Event;
import countersign.change.event.EventLog;
import countersign.codec.Refusal;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Events over HTTP: a page, the next page as soon as there is one, or a stream. */
public final class EventEndpoints {
    private static final String STREAM = "text/event-stream";
    private static final String OLDEST = "oldest";
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;
    private static final int MAX_WAIT_SECONDS = 60;

    private final EventLog log;
    private final Watchers watchers;
    private final Predicate<String> isChange;

    /** @param isChange whether there is or was a change with this name */
    public EventEndpoints(EventLog log, Watchers watchers, Predicate<String> isChange) {
        this.log = log;
        this.watchers = watchers;
        this.isChange = isChange;
    }

    public void list(Exchange exchange) {
        Selection selection = Selection.of(exchange);
        selection.change().ifPresent(this::requireKnown);
        long seen = place(
                log,
                Optional.of(exchange.header("Last-Event-ID"))
                        .filter(id -> !id.isEmpty())
                        .or(() -> exchange.query("after")));
        if (exchange.prefers(STREAM)) {
            watchers.stream(exchange, selection, seen);
            return;
        }
        int limit = limit(exchange);
        CompletableFuture<Waiting.Found> found = watchers.await(selection, seen, limit, patience(exchange));
        exchange.set("Cache-Control", "no-store");
        exchange.later(() -> found.thenAccept(page -> answer(exchange, page)));
    }

    /** Nobody waits for ever because of a name that is misspelt. */
    private void requireKnown(String change) {
        if (!isChange.test(change)) {
            throw new Refusal(
                    "unknown-change",
                    "there never was a change called " + change,
                    "see countersign change list; to wait for one to be opened, watch without a name");
        }
    }

    private void answer(Exchange exchange, Waiting.Found page) {
        StringBuilder json = new StringBuilder("{\"items\":[");
        for (Event event : page.events()) {
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",");
            json.append(event.json(log.cursor(event.seq())));
        }
        json.append("],\"next\":\"").append(log.cursor(page.seen())).append("\"}");
        exchange.bytes(200, json.toString().getBytes(StandardCharsets.UTF_8), "application/json");
    }

    /** Behind which event: what a client that comes back saw last, or what it asks for, or the present. */
    static long place(EventLog log, Optional<String> after) {
        if (after.filter(OLDEST::equals).isPresent()) {
            log.publish();
            return log.oldest();
        }
        return after.map(Cursor::parse)
                .map(log::place)
                .orElseGet(() -> log.newest().seq());
    }

    private static int limit(Exchange exchange) {
        long limit = exchange.number("limit").orElse((long) PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw new Refusal("limit-out-of-range", "limit must be 1 to " + MAX_PAGE + ", is " + limit);
        }
        return (int) limit;
    }

    static Duration patience(Exchange exchange) {
        long seconds = exchange.number("wait").orElse(0L);
        if (seconds > MAX_WAIT_SECONDS) {
            throw new Refusal("wait-out-of-range", "wait must be 0 to " + MAX_WAIT_SECONDS + " seconds, is " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }
}
