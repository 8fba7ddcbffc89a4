package countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.Cursor;
import countersign.change.event.EventType;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of webhooks promises. */
public abstract class WebhookStoreContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private WebhookStore store;

    protected abstract WebhookStore store();

    @BeforeEach
    void opens() {
        store = store();
    }

    @Test
    void a_webhook_is_found_as_it_was_saved_last() {
        store.save(webhook("a1"));
        store.save(webhook("a1").failed(NOON.plusSeconds(1)).disabled("nothing arrived"));

        assertThat(store.find("a1"))
                .contains(webhook("a1").failed(NOON.plusSeconds(1)).disabled("nothing arrived"));
        assertThat(store.list()).hasSize(1);
        assertThat(store.find("b1")).isEmpty();
    }

    @Test
    void how_far_it_went_and_what_came_of_it_are_kept_together() {
        assertThat(store.reached()).isEmpty();

        store.advance(new Cursor("s", 7), List.of(delivery("a1", 1), delivery("b1", 2)));
        store.advance(new Cursor("s", 9), List.of());

        assertThat(store.reached()).contains(new Cursor("s", 9));
        assertThat(store.highestPlace()).isEqualTo(2);
        assertThat(store.due("a1", NOON, 10)).containsExactly(delivery("a1", 1));
    }

    @Test
    void only_what_is_due_is_due_in_its_order() {
        Delivery late = delivery("a1", 1)
                .tried(NOON, Delivery.Outcome.answered(500), Delivery.State.PENDING, NOON.plusSeconds(5));
        store.advance(new Cursor("s", 1), List.of(delivery("a1", 1), delivery("a1", 2), delivery("a1", 3)));

        store.save(late);
        store.save(delivery("a1", 3).tried(NOON, Delivery.Outcome.answered(204), Delivery.State.DELIVERED, null));

        assertThat(store.due("a1", NOON.plusSeconds(4), 10))
                .extracting(Delivery::place)
                .containsExactly(2L);
        assertThat(store.due("a1", NOON.plusSeconds(5), 10)).containsExactly(late, delivery("a1", 2));
        assertThat(store.due("a1", NOON.plusSeconds(5), 1)).hasSize(1);
    }

    @Test
    void deliveries_are_listed_newest_first_below_a_place() {
        store.advance(new Cursor("s", 1), List.of(delivery("a1", 1), delivery("b1", 2), delivery("a1", 3)));

        assertThat(store.deliveries("a1", Long.MAX_VALUE, 10))
                .extracting(Delivery::place)
                .containsExactly(3L, 1L);
        assertThat(store.deliveries("a1", 3, 10)).extracting(Delivery::place).containsExactly(1L);
    }

    @Test
    void a_deleted_webhook_takes_its_deliveries_along() {
        store.save(webhook("a1"));
        store.advance(new Cursor("s", 1), List.of(delivery("a1", 1)));

        assertThat(store.delete("a1")).isTrue();
        assertThat(store.delete("a1")).isFalse();
        store.save(delivery("a1", 1));

        assertThat(store.deliveries("a1", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void what_ended_long_ago_is_forgotten_and_what_waits_is_not() {
        store.advance(new Cursor("s", 1), List.of(delivery("a1", 1), delivery("a1", 2)));
        store.save(delivery("a1", 1).tried(NOON, Delivery.Outcome.answered(200), Delivery.State.DELIVERED, null));

        store.prune(NOON.plusSeconds(1));

        assertThat(store.deliveries("a1", Long.MAX_VALUE, 10))
                .extracting(Delivery::place)
                .containsExactly(2L);
    }

    private static Webhook webhook(String id) {
        return new Webhook(
                id,
                "chat",
                URI.create("https://chat.example/hook?a=b"),
                Set.of(EventType.CHANGE_MERGED, EventType.UNIT_FAILED),
                "ann",
                NOON,
                true,
                null,
                null);
    }

    private static Delivery delivery(String webhook, long place) {
        return Delivery.of(webhook, place, new Delivery.Message("s-" + place, "change.merged", "{}"), NOON);
    }
}
