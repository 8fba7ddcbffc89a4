package countersign.web.api;

import countersign.change.Changes;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.web.api.view.ChangeView;
import countersign.web.events.ChangeFeed;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Changes over HTTP: list, open, revise, merge, withdraw, roll back. */
final class ChangeEndpoints {
    private static final int PAGE = 50;

    private final Changes changes;
    private final ChangeFeed feed;

    ChangeEndpoints(Changes changes, ChangeFeed feed) {
        this.changes = changes;
        this.feed = feed;
    }

    void list(Exchange exchange) {
        if (exchange.query("watch").isPresent()) {
            watch(exchange);
            return;
        }
        Optional<String> sort = exchange.query("sort").filter(order -> !order.equals("newest"));
        boolean late = exchange.query("late").map(ChangeEndpoints::flag).orElse(false);
        if (sort.isPresent() || late) {
            waiting(exchange, order(sort.orElse("deadline")), late);
        } else {
            newest(exchange);
        }
    }

    private void newest(Exchange exchange) {
        ChangeStore.Query query = new ChangeStore.Query(
                exchange.query("cursor").map(ChangeEndpoints::readCursor).orElse(null),
                exchange.query("state").map(ChangeState::get).orElse(null),
                limit(exchange));
        List<Change> found = changes.list(query);
        exchange.tagged(new ChangeView.Page(views(found), next(found, query.limit())));
    }

    /** As they stand when the answer is made; those that are in another state than wanted are left out. */
    private void watch(Exchange exchange) {
        for (String other : List.of("sort", "late", "cursor")) {
            exchange.query(other).ifPresent(given -> {
                throw new Refusal(
                        "contradicting-parameters",
                        "changes are watched in the order in which they move, " + other + " can't be asked for besides",
                        "leave " + other + " out");
            });
        }
        Optional<ChangeState> state = exchange.query("state").map(ChangeState::get);
        CompletableFuture<ChangeFeed.Touched> touched = feed.await(exchange);
        exchange.set("Cache-Control", "no-store");
        exchange.later(() -> touched.thenAccept(found -> exchange.json(
                200,
                new ChangeView.Page(
                        found.changes().stream()
                                .map(changes::get)
                                .filter(change -> state.filter(wanted -> wanted != change.state())
                                        .isEmpty())
                                .map(this::view)
                                .toList(),
                        found.next()))));
    }

    /** Only what waits for a decision has an order of urgency. */
    private void waiting(Exchange exchange, ChangeStore.Order order, boolean late) {
        exchange.query("state").ifPresent(state -> {
            throw new Refusal(
                    "contradicting-parameters",
                    "sort and late list what waits for a decision, state " + state + " can't be asked for besides",
                    "leave state out");
        });
        ChangeStore.Waiting query = new ChangeStore.Waiting(
                order,
                exchange.query("cursor")
                        .map(ChangeEndpoints::readCursor)
                        .map(changes::get)
                        .orElse(null),
                late ? changes.logClock().now() : null,
                limit(exchange));
        List<Change> found = changes.outlook().waiting(query);
        exchange.tagged(new ChangeView.Page(views(found), next(found, query.limit())));
    }

    private static int limit(Exchange exchange) {
        return Math.toIntExact(Math.min(exchange.number("limit").orElse((long) PAGE), Integer.MAX_VALUE));
    }

    private List<ChangeView> views(List<Change> found) {
        return found.stream().map(this::view).toList();
    }

    private ChangeView view(Change change) {
        Instant now = changes.logClock().now();
        String waiting = change.state() == ChangeState.SCHEDULED
                ? changes.frozen().of(change.id(), now).stream()
                        .map(Finding::message)
                        .findFirst()
                        .orElse(null)
                : null;
        return ChangeView.of(change, now, waiting);
    }

    void open(Exchange exchange) {
        Change change = changes.open(exchange.person(), OpeningRequest.read(exchange.body()));
        answerNew(exchange, change);
    }

    void revise(Exchange exchange) {
        String name = exchange.path("name");
        exchange.requireSeen(() -> tag(changes.get(name)));
        Change change = changes.revise(exchange.person(), name, OpeningRequest.read(exchange.body()));
        exchange.json(200, view(change));
    }

    void get(Exchange exchange) {
        exchange.tagged(view(changes.get(exchange.path("name"))));
    }

    void merge(Exchange exchange) {
        String name = exchange.path("name");
        exchange.requireSeen(() ->
                Entity.tag(changes.preview(name).requireManifest().digest().hex()));
        exchange.json(200, view(changes.merge(name)));
    }

    void withdraw(Exchange exchange) {
        exchange.json(200, view(changes.withdraw(exchange.path("name"), exchange.person())));
    }

    void rollback(Exchange exchange) {
        answerNew(exchange, changes.rollback(exchange.path("name"), exchange.person()));
    }

    void recover(Exchange exchange) {
        answerNew(exchange, changes.recover(RecoveryRequest.read(exchange.body()), exchange.person()));
    }

    private void answerNew(Exchange exchange, Change change) {
        exchange.set("Location", ApiRoutes.PREFIX + "/changes/" + change.id().name());
        exchange.json(201, view(change));
    }

    private String tag(Change change) {
        return Entity.json(Json.write(view(change))).tag();
    }

    private static @Nullable String next(List<Change> found, int limit) {
        return found.size() < limit
                ? null
                : writeCursor(found.get(found.size() - 1).number());
    }

    private static String writeCursor(long number) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    private static Long readCursor(String cursor) {
        try {
            return Long.valueOf(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException malformed) {
            throw new Refusal("malformed-cursor", "a cursor is what the field next of a page says, found: " + cursor);
        }
    }

    private static ChangeStore.Order order(String word) {
        return switch (word) {
            case "deadline" -> ChangeStore.Order.DEADLINE;
            case "priority" -> ChangeStore.Order.PRIORITY;
            default -> throw new Refusal("unknown-order", "sort is newest, deadline or priority, found: " + word);
        };
    }

    private static boolean flag(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refusal("wrong-type", "late is true or false, found: " + word);
        };
    }
}
