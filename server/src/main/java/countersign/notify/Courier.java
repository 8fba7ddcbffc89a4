package countersign.notify;

import countersign.change.event.Cursor;
import countersign.change.event.Event;
import countersign.change.event.EventLog;
import countersign.codec.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns events into deliveries and makes them, to each webhook in the order of the events as long as it takes them. A
 * message is sent until an answer was noted, so it may arrive twice, with the same id, after a crash. Thread-safe: one
 * round at a time, and one delivery at a time to a webhook. While no webhook is enabled it looks at nothing.
 */
final class Courier {
    /** A webhook that takes nothing for so long is disabled. */
    static final Duration LONG = Duration.ofDays(5);

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int PAGE = 200;
    private static final int AT_ONCE = 20;
    private static final Duration KEPT = Duration.ofDays(30);

    private final WebhookStore store;
    private final EventLog events;
    private final Parts parts;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /** Whether the last round found no enabled webhook, and none was made or altered since. */
    private volatile boolean idle;

    /** Webhooks whose last delivery failed, and when to try the next. */
    private final Map<String, Instant> resting = new ConcurrentHashMap<>();

    /**
     * What a courier works with.
     *
     * @param executor makes deliveries
     */
    record Parts(
            Post post,
            WebhookSecrets secrets,
            CloudEvents form,
            Retries retries,
            InstantSource clock,
            Executor executor) {}

    Courier(WebhookStore store, EventLog events, Parts parts) {
        this.store = store;
        this.events = events;
        this.parts = parts;
    }

    /** Takes in what is new, and lets go what is due. */
    synchronized void round() {
        if (idle) {
            return;
        }
        collect();
        List<Webhook> enabled = enabled();
        idle = enabled.isEmpty();
        for (Webhook webhook : enabled) {
            if (!isResting(webhook) && busy.add(webhook.id())) {
                parts.executor().execute(() -> deliver(webhook.id()));
            }
        }
    }

    /** Whether a round would do nothing. */
    boolean isIdle() {
        return idle;
    }

    /** Makes deliveries of every event that may be told; for nobody there are none. */
    synchronized void collect() {
        if (enabled().isEmpty()) {
            store.advance(events.newest(), List.of());
            return;
        }
        long place = store.reached()
                .map(this::placeIn)
                .orElseGet(() -> events.newest().seq());
        boolean fresh = store.reached().isEmpty();
        List<Event> page = events.after(place, PAGE);
        while (fresh || !page.isEmpty()) {
            place += page.size();
            store.advance(events.cursor(place), deliveries(page));
            fresh = false;
            page = events.after(place, PAGE);
        }
    }

    /** Takes in a new webhook, which is told of what happens from now on. */
    synchronized void begin(Webhook webhook) {
        collect();
        store.save(webhook);
        idle = false;
    }

    /** Sends one message to one webhook soon. */
    synchronized void add(Webhook webhook, Delivery.Message message) {
        collect();
        Delivery delivery = Delivery.of(webhook.id(), store.highestPlace() + 1, message, now());
        store.advance(store.reached().orElseThrow(), List.of(delivery));
        resting.remove(webhook.id());
    }

    /** Replaces a webhook by what is made of it as it stands; a Refusal {@code no-such-webhook} without one. */
    synchronized Webhook change(String id, UnaryOperator<Webhook> change) {
        collect();
        Webhook changed = change.apply(
                store.find(id).orElseThrow(() -> new Refusal("no-such-webhook", "there is no webhook " + id)));
        store.save(changed);
        idle = false;
        resting.remove(id);
        return changed;
    }

    /** Forgets a webhook; false if there is none. */
    synchronized boolean forget(String id) {
        return store.delete(id);
    }

    /** Forgets deliveries that ended long ago. */
    void prune() {
        store.prune(now().minus(KEPT));
    }

    /** Where the events of another stream begin, or what was not kept ends, there deliveries go on. */
    private long placeIn(Cursor reached) {
        Cursor newest = events.newest();
        boolean same = reached.stream().equals(newest.stream()) && reached.seq() <= newest.seq();
        long place = same ? reached.seq() : 0;
        if (place < events.oldest()) {
            LOG.warn(
                    "events between {} and {} are sent to no webhook: they are not kept any more",
                    place,
                    events.oldest());
            place = events.oldest();
        }
        return place;
    }

    private List<Webhook> enabled() {
        return store.list().stream().filter(Webhook::enabled).toList();
    }

    private List<Delivery> deliveries(List<Event> page) {
        List<Webhook> webhooks = enabled();
        List<Delivery> all = new ArrayList<>();
        long place = store.highestPlace();
        for (Event event : page) {
            Map<String, Webhook> wanting = new TreeMap<>();
            webhooks.stream()
                    .filter(webhook -> webhook.wants(event.type()))
                    .forEach(hook -> wanting.put(hook.id(), hook));
            if (!wanting.isEmpty()) {
                Delivery.Message message = parts.form().of(event, events.cursor(event.seq()));
                for (String webhook : wanting.keySet()) {
                    place++;
                    all.add(Delivery.of(webhook, place, message, now()));
                }
            }
        }
        return all;
    }

    private boolean isResting(Webhook webhook) {
        Instant until = resting.get(webhook.id());
        return until != null && now().isBefore(until);
    }

    private void deliver(String id) {
        try {
            resting.remove(id);
            boolean goesOn = true;
            while (goesOn) {
                List<Delivery> due = store.due(id, now(), AT_ONCE);
                goesOn = !due.isEmpty();
                for (Delivery delivery : due) {
                    goesOn = goesOn && attempt(id, delivery);
                }
            }
        } finally {
            busy.remove(id);
        }
    }

    /** True if it arrived, so that the next may follow. */
    private boolean attempt(String id, Delivery delivery) {
        Optional<Webhook> webhook = store.find(id).filter(Webhook::enabled);
        if (webhook.isEmpty()) {
            return false;
        }
        Instant now = now();
        Delivery.Outcome outcome = parts.post()
                .send(
                        webhook.get().url(),
                        headers(delivery, now),
                        delivery.body().getBytes(StandardCharsets.UTF_8));
        if (outcome.good()) {
            store.save(delivery.tried(now, outcome, Delivery.State.DELIVERED, null));
        } else {
            failed(delivery, outcome, now);
        }
        note(id, outcome, now);
        return outcome.good();
    }

    private Map<String, String> headers(Delivery delivery, Instant now) {
        Map<String, String> headers =
                new TreeMap<>(parts.secrets().headers(delivery.webhook(), delivery.message(), now, delivery.body()));
        headers.put("Content-Type", CloudEvents.MEDIA_TYPE);
        return headers;
    }

    private void failed(Delivery delivery, Delivery.Outcome outcome, Instant now) {
        Instant first = delivery.first() == null ? now : delivery.first();
        Optional<Instant> next = parts.retries().next(delivery.attempts() + 1, first, now);
        Delivery.State state = next.isPresent() ? Delivery.State.PENDING : Delivery.State.GIVEN_UP;
        store.save(delivery.tried(now, outcome, state, next.orElse(null)));
        resting.put(delivery.webhook(), next.orElse(now.plus(Retries.FIRST)));
    }

    private synchronized void note(String id, Delivery.Outcome outcome, Instant now) {
        store.find(id).ifPresent(present -> note(present, outcome, now));
    }

    private void note(Webhook webhook, Delivery.Outcome outcome, Instant now) {
        if (outcome.good()) {
            if (webhook.failingSince() != null) {
                store.save(webhook.succeeded());
            }
            return;
        }
        Webhook failing = webhook.failed(now);
        Instant since = failing.failingSince() == null ? now : failing.failingSince();
        if (outcome.gone()) {
            disable(failing, "the receiver answered 410: it wants no messages any more");
        } else if (!since.plus(LONG).isAfter(now)) {
            disable(failing, "nothing arrived since " + since + "; at last " + outcome.failure());
        } else if (webhook.failingSince() == null) {
            store.save(failing);
        }
    }

    private void disable(Webhook webhook, String reason) {
        LOG.warn("webhook {} is disabled: {}", webhook.id(), reason);
        store.save(webhook.disabled(reason));
    }

    private Instant now() {
        return parts.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
