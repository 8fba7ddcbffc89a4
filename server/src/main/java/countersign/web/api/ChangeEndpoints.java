package countersign.web.api;

import countersign.change.Changes;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.web.api.view.ChangeView;
import countersign.web.http.Entity;
import countersign.web.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes over HTTP: list, open, revise, merge, withdraw, roll back. */
final class ChangeEndpoints {
    private static final int PAGE = 50;

    private final Changes changes;

    ChangeEndpoints(Changes changes) {
        this.changes = changes;
    }

    void list(Exchange exchange) {
        ChangeStore.Query query = new ChangeStore.Query(
                exchange.query("cursor").map(ChangeEndpoints::readCursor).orElse(null),
                exchange.query("state").map(ChangeEndpoints::state).orElse(null),
                Math.toIntExact(Math.min(exchange.number("limit").orElse((long) PAGE), Integer.MAX_VALUE)));
        List<Change> found = changes.list(query);
        exchange.tagged(new ChangeView.Page(found.stream().map(ChangeView::of).toList(), next(found, query)));
    }

    void open(Exchange exchange) {
        Change change = changes.open(exchange.person(), OpeningRequest.read(exchange.body()));
        answerNew(exchange, change);
    }

    void revise(Exchange exchange) {
        String name = exchange.path("name");
        exchange.requireSeen(() -> tag(changes.get(name)));
        Change change = changes.revise(exchange.person(), name, OpeningRequest.read(exchange.body()));
        exchange.json(200, ChangeView.of(change));
    }

    void get(Exchange exchange) {
        exchange.tagged(ChangeView.of(changes.get(exchange.path("name"))));
    }

    void merge(Exchange exchange) {
        String name = exchange.path("name");
        exchange.requireSeen(() ->
                Entity.tag(changes.preview(name).requireManifest().digest().hex()));
        exchange.json(200, ChangeView.of(changes.merge(name)));
    }

    void withdraw(Exchange exchange) {
        exchange.json(200, ChangeView.of(changes.withdraw(exchange.path("name"))));
    }

    void rollback(Exchange exchange) {
        answerNew(exchange, changes.rollback(exchange.path("name"), exchange.person()));
    }

    private static void answerNew(Exchange exchange, Change change) {
        exchange.set("Location", ApiRoutes.PREFIX + "/changes/" + change.id().name());
        exchange.json(201, ChangeView.of(change));
    }

    private static String tag(Change change) {
        return Entity.json(Json.write(ChangeView.of(change))).tag();
    }

    private static @Nullable String next(List<Change> found, ChangeStore.Query query) {
        return found.size() < query.limit()
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

    private static ChangeState state(String label) {
        return Arrays.stream(ChangeState.values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal("unknown-state", "no change has the state " + label));
    }
}
