package countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.Cursor;
import countersign.change.event.EventLog;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.change.event.InMemoryEventStore;
import countersign.codec.Json;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CourierTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String HOOK = "00000000000000a1";

    private final Receiver receiver = new Receiver();
    private final InMemoryEventStore happened = new InMemoryEventStore();
    private final EventLog events = new EventLog(happened);
    private final InMemoryWebhookStore store = new InMemoryWebhookStore();
    private final WebhookSecrets secrets = new WebhookSecrets(new byte[32]);
    private final Post post =
            new Post(Networks.named("127.0.0.0/8"), InetAddress::getAllByName, Duration.ofSeconds(60));
    private Instant now = NOON;
    private Courier courier = courier();

    @AfterEach
    void closes() {
        receiver.close();
        post.close();
    }

    @Test
    void an_order_to_stop_arrives_as_an_event_about_no_change() {
        subscribe();

        happened.append(
                List.of(new Happening(EventType.EVERYTHING_STOPPED, NOON, null, "frank", Map.of("reason", "Wrong."))));
        courier.round();

        Map<String, Object> event =
                Json.readObject("event", receiver.received.get(0).body().getBytes(StandardCharsets.UTF_8));
        assertThat(event)
                .containsEntry("type", "dev.countersign.everything.stopped")
                .doesNotContainKey("subject")
                .extractingByKey("data")
                .asString()
                .contains("person=frank", "reason=Wrong.");
    }

    @Test
    void an_event_arrives_as_a_signed_cloud_event() throws Exception {
        subscribe();

        merge("raise-cache");
        courier.round();

        Receiver.Received message = receiver.received.get(0);
        Map<String, Object> event = Json.readObject("event", message.body().getBytes(StandardCharsets.UTF_8));
        assertThat(event)
                .containsEntry("specversion", "1.0")
                .containsEntry("id", message.headers().get("webhook-id"))
                .containsEntry("type", "dev.countersign.change.merged")
                .containsEntry("subject", "raise-cache")
                .containsEntry("source", "https://shop.example/api/v1/events")
                .containsEntry("time", NOON.toString());
        assertThat(message.headers().get("content-type")).startsWith("application/cloudevents+json");
        assertThat(message.headers()).containsEntry("webhook-timestamp", Long.toString(NOON.getEpochSecond()));
        assertThat(message.headers().get("webhook-signature")).isEqualTo("v1," + signature(message));
        assertThat(delivery(1).state()).isEqualTo(Delivery.State.DELIVERED);
    }

    @Test
    void what_happened_before_the_subscription_is_not_sent() {
        merge("raise-cache");
        subscribe();
        courier.round();

        assertThat(receiver.received).isEmpty();
    }

    @Test
    void while_nobody_subscribes_a_round_looks_at_nothing() {
        courier.round();
        Cursor reached = store.reached().orElseThrow();
        merge("raise-cache");

        courier.round();

        assertThat(courier.isIdle()).isTrue();
        assertThat(store.reached()).contains(reached);
    }

    @Test
    void a_webhook_that_was_off_while_nobody_subscribed_is_sent_what_happens_from_then_on() {
        subscribe();
        courier.change(HOOK, webhook -> webhook.switched(false));
        courier.round();
        merge("one");
        courier.round();
        courier.change(HOOK, webhook -> webhook.switched(true));
        merge("two");

        courier.round();

        assertThat(receiver.received).hasSize(1);
        assertThat(receiver.received.get(0).body()).contains("two");
    }

    @Test
    void only_the_wanted_types_are_sent_in_their_order() {
        subscribe(EventType.CHANGE_MERGED);

        merge("one");
        happened.append(List.of(new Happening(EventType.CHANGE_APPROVED, NOON, "two", null, Map.of())));
        merge("three");
        courier.round();

        assertThat(receiver.received)
                .extracting(message -> Json.readObject("event", message.body().getBytes(StandardCharsets.UTF_8))
                        .get("subject"))
                .containsExactly("one", "three");
    }

    @Test
    void what_failed_is_sent_again_later_under_the_same_id_and_what_follows_waits() {
        subscribe();
        receiver.answer = 500;
        merge("one");
        merge("two");

        courier.round();
        courier.round();
        assertThat(receiver.received).hasSize(1);
        assertThat(delivery(1).failure()).isEqualTo("the receiver answered 500");
        assertThat(delivery(1).next()).isBetween(NOON.plusMillis(2_500), NOON.plusMillis(7_500));

        receiver.answer = 200;
        now = NOON.plusSeconds(8);
        courier.round();

        assertThat(receiver.received)
                .extracting(message -> message.headers().get("webhook-id"))
                .containsExactly("m0-1", "m0-1", "m0-2");
        assertThat(delivery(1).attempts()).isEqualTo(2);
        assertThat(store.find(HOOK).orElseThrow().failingSince()).isNull();
    }

    @Test
    void pauses_grow_and_end_after_three_days() {
        subscribe();
        receiver.answer = 503;
        merge("one");

        Instant before = now;
        Duration longest = Duration.ZERO;
        courier.round();
        while (delivery(1).next() != null) {
            now = delivery(1).next().plusSeconds(1);
            longest = longest.compareTo(Duration.between(before, now)) > 0 ? longest : Duration.between(before, now);
            before = now;
            courier.round();
        }

        assertThat(delivery(1).state()).isEqualTo(Delivery.State.GIVEN_UP);
        assertThat(Duration.between(NOON, now)).isBetween(Duration.ofDays(2), Duration.ofDays(3));
        assertThat(longest).isLessThan(Duration.ofHours(7));
        assertThat(delivery(1).attempts()).isBetween(20, 40);
    }

    @Test
    void a_webhook_that_fails_for_long_is_disabled_and_says_why() {
        subscribe();
        receiver.answer = 404;
        for (int day = 0; day <= 5; day++) {
            now = NOON.plus(Duration.ofDays(day));
            merge("of-day-" + day);
            courier.round();
        }

        Webhook webhook = store.find(HOOK).orElseThrow();
        assertThat(webhook.enabled()).isFalse();
        assertThat(webhook.reason()).contains("nothing arrived since 2026-11-21T12:00:00Z", "answered 404");
        int sent = receiver.received.size();
        now = now.plus(Duration.ofHours(8));
        merge("afterwards");
        courier.round();
        assertThat(receiver.received).hasSize(sent);
    }

    @Test
    void a_receiver_that_is_gone_is_asked_no_more() {
        subscribe();
        receiver.answer = 410;
        merge("one");

        courier.round();

        assertThat(store.find(HOOK).orElseThrow().reason()).contains("410");
    }

    @Test
    void a_webhook_that_is_on_again_gets_what_waited_and_nothing_of_meanwhile() {
        subscribe();
        receiver.answer = 410;
        merge("one");
        courier.round();
        merge("meanwhile");
        receiver.answer = 200;

        courier.change(HOOK, webhook -> webhook.switched(true));
        merge("afterwards");
        now = NOON.plusSeconds(10);
        courier.round();

        assertThat(receiver.received)
                .extracting(message -> Json.readObject("event", message.body().getBytes(StandardCharsets.UTF_8))
                        .get("subject"))
                .containsExactly("one", "one", "afterwards");
    }

    @Test
    void a_redirection_is_a_failure_and_not_followed() {
        subscribe();
        receiver.answer = 307;
        merge("one");

        courier.round();

        assertThat(receiver.received).extracting(Receiver.Received::path).containsExactly("/hook?a=b");
        assertThat(delivery(1).status()).isEqualTo(307);
        assertThat(delivery(1).state()).isEqualTo(Delivery.State.PENDING);
    }

    @Test
    void a_courier_that_begins_again_goes_on_where_the_store_says() {
        subscribe();
        receiver.answer = 500;
        merge("one");
        courier.round();

        courier = courier();
        receiver.answer = 200;
        now = NOON.plusSeconds(8);
        courier.round();
        courier.round();

        assertThat(receiver.received)
                .extracting(message -> message.headers().get("webhook-id"))
                .containsExactly("m0-1", "m0-1");
    }

    @Test
    void events_of_a_database_made_anew_are_sent_from_their_beginning() {
        subscribe();
        merge("one");
        courier.round();

        happened.clear();
        EventLog anew = new EventLog(happened);
        courier = courier(anew);
        merge("again");
        courier.round();

        assertThat(receiver.received)
                .extracting(message -> message.headers().get("webhook-id"))
                .containsExactly("m0-1", "m1-1");
    }

    private void subscribe(EventType... types) {
        URI url = receiver.url().resolve("/hook?a=b");
        courier.begin(new Webhook(HOOK, "chat", url, Set.of(types), "ann", NOON, true, null, null));
    }

    private void merge(String change) {
        happened.append(List.of(new Happening(EventType.CHANGE_MERGED, NOON, change, null, Map.of("title", "T"))));
    }

    private Delivery delivery(long place) {
        return store.deliveries(HOOK, place + 1, 1).get(0);
    }

    private Courier courier() {
        return courier(events);
    }

    private Courier courier(EventLog log) {
        return new Courier(
                store,
                log,
                new Courier.Parts(
                        post,
                        secrets,
                        new CloudEvents("https://shop.example/api/v1/events"),
                        new Retries(new Random(7)),
                        () -> now,
                        Runnable::run));
    }

    /** As a receiver computes it, from nothing but the secret it was shown. */
    private String signature(Receiver.Received message) throws Exception {
        byte[] secret = Base64.getDecoder().decode(secrets.text(HOOK).substring("whsec_".length()));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        String signed = message.headers().get("webhook-id") + "."
                + message.headers().get("webhook-timestamp") + "." + message.body();
        return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }
}
