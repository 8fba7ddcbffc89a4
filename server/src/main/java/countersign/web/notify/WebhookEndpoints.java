package countersign.web.notify;

import countersign.activity.ActivityKind;
import countersign.activity.ActivityLog;
import countersign.change.event.EventType;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.notify.Delivery;
import countersign.notify.Webhook;
import countersign.notify.Webhooks;
import countersign.web.http.Exchange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Webhooks over HTTP: made, listed, switched, tried, and what was sent to them. */
public final class WebhookEndpoints {
    private static final int PAGE = 50;
    private static final int MAX_PAGE = 200;

    private final Webhooks webhooks;
    private final ActivityLog activity;

    public WebhookEndpoints(Webhooks webhooks, ActivityLog activity) {
        this.webhooks = webhooks;
        this.activity = activity;
    }

    /**
     * A webhook in answers.
     *
     * @param secret only in the answer that makes it
     */
    record WebhookView(
            String id,
            String name,
            String url,
            List<String> types,
            String person,
            String createdAt,
            boolean enabled,
            @Nullable String reason,
            @Nullable String failingSince,
            @Nullable String secret) {
        static WebhookView of(Webhook webhook, @Nullable String secret) {
            return new WebhookView(
                    webhook.id(),
                    webhook.name(),
                    webhook.url().toString(),
                    webhook.types().stream().map(EventType::label).sorted().toList(),
                    webhook.person(),
                    webhook.createdAt().toString(),
                    webhook.enabled(),
                    webhook.reason(),
                    text(webhook.failingSince()),
                    secret);
        }
    }

    /** All of a list. */
    record WebhookList(List<WebhookView> items) {}

    /** A delivery in answers. */
    record DeliveryView(
            String message,
            String type,
            String state,
            int attempts,
            @Nullable String first,
            @Nullable String last,
            @Nullable String next,
            @Nullable Integer status,
            @Nullable String failure) {
        static DeliveryView of(Delivery delivery) {
            return new DeliveryView(
                    delivery.message(),
                    delivery.type(),
                    delivery.state().label(),
                    delivery.attempts(),
                    text(delivery.first()),
                    text(delivery.last()),
                    text(delivery.next()),
                    delivery.status(),
                    delivery.failure());
        }
    }

    /**
     * A page of deliveries, newest first.
     *
     * @param next cursor of the next page; null on the last
     */
    record DeliveryPage(List<DeliveryView> items, @Nullable String next) {}

    /** What was sent to try it. */
    record PingView(String message) {}

    public void list(Exchange exchange) {
        exchange.json(
                200,
                new WebhookList(webhooks.list().stream()
                        .map(webhook -> WebhookView.of(webhook, null))
                        .toList()));
    }

    public void create(Exchange exchange) {
        Fields body = exchange.body();
        Webhooks.Wish wish = new Webhooks.Wish(
                body.text("name"),
                body.text("url"),
                body.textList("types").stream().map(EventType::get).collect(Collectors.toUnmodifiableSet()));
        body.end();
        Webhooks.Created created = webhooks.create(exchange.person(), wish);
        Webhook made = created.webhook();
        note(
                exchange,
                ActivityKind.WEBHOOK_CREATED,
                Map.of("webhook", made.id(), "host", made.url().getHost()));
        exchange.set("Cache-Control", "no-store");
        exchange.json(201, WebhookView.of(created.webhook(), created.secret()));
    }

    public void get(Exchange exchange) {
        exchange.json(200, WebhookView.of(webhooks.get(exchange.path("id")), null));
    }

    public void enable(Exchange exchange) {
        Fields body = exchange.body();
        boolean on = body.flag("enabled");
        body.end();
        Webhook webhook = webhooks.enable(exchange.path("id"), on);
        note(exchange, ActivityKind.WEBHOOK_SWITCHED, Map.of("webhook", webhook.id(), "enabled", Boolean.toString(on)));
        exchange.json(200, WebhookView.of(webhook, null));
    }

    public void delete(Exchange exchange) {
        webhooks.delete(exchange.path("id"));
        note(exchange, ActivityKind.WEBHOOK_DELETED, Map.of("webhook", exchange.path("id")));
        exchange.empty();
    }

    public void ping(Exchange exchange) {
        exchange.json(202, new PingView(webhooks.ping(exchange.path("id"))));
    }

    public void deliveries(Exchange exchange) {
        int limit = limit(exchange);
        List<Delivery> found = webhooks.deliveries(
                exchange.path("id"), exchange.number("before").orElse(Long.MAX_VALUE), limit);
        String next = found.size() < limit
                ? null
                : Long.toString(found.get(found.size() - 1).place());
        exchange.json(200, new DeliveryPage(found.stream().map(DeliveryView::of).toList(), next));
    }

    private void note(Exchange exchange, ActivityKind kind, Map<String, String> detail) {
        activity.note(kind, exchange.person(), exchange.network(), detail);
    }

    private static int limit(Exchange exchange) {
        long limit = exchange.number("limit").orElse((long) PAGE);
        if (limit < 1 || limit > MAX_PAGE) {
            throw new Refusal("limit-out-of-range", "limit must be 1 to " + MAX_PAGE + ", is " + limit);
        }
        return (int) limit;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
