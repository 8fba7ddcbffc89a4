package countersign.notify;

import countersign.change.event.Cursor;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Webhooks in memory. Thread-safe: every method holds its lock. */
public final class InMemoryWebhookStore implements WebhookStore {
    private final Map<String, Webhook> webhooks = new LinkedHashMap<>();
    private final TreeMap<Long, Delivery> deliveries = new TreeMap<>();
    private Optional<Cursor> reached = Optional.empty();

    @Override
    public synchronized void save(Webhook webhook) {
        webhooks.put(webhook.id(), webhook);
    }

    @Override
    public synchronized Optional<Webhook> find(String id) {
        return Optional.ofNullable(webhooks.get(id));
    }

    @Override
    public synchronized List<Webhook> list() {
        return webhooks.values().stream()
                .sorted(Comparator.comparing(Webhook::createdAt).thenComparing(Webhook::id))
                .toList();
    }

    @Override
    public synchronized boolean delete(String id) {
        deliveries.values().removeIf(delivery -> delivery.webhook().equals(id));
        return webhooks.remove(id) != null;
    }

    @Override
    public synchronized Optional<Cursor> reached() {
        return reached;
    }

    @Override
    public synchronized void advance(Cursor to, List<Delivery> added) {
        reached = Optional.of(to);
        added.forEach(delivery -> deliveries.put(delivery.place(), delivery));
    }

    @Override
    public synchronized void save(Delivery delivery) {
        deliveries.replace(delivery.place(), delivery);
    }

    @Override
    public synchronized long highestPlace() {
        return deliveries.isEmpty() ? 0 : deliveries.lastKey();
    }

    @Override
    public synchronized List<Delivery> due(String webhook, Instant now, int limit) {
        return deliveries.values().stream()
                .filter(delivery -> delivery.webhook().equals(webhook))
                .filter(delivery -> delivery.next() != null && !delivery.next().isAfter(now))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Delivery> deliveries(String webhook, long below, int limit) {
        return deliveries.headMap(below, false).descendingMap().values().stream()
                .filter(delivery -> delivery.webhook().equals(webhook))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized void prune(Instant before) {
        deliveries
                .values()
                .removeIf(delivery -> delivery.state() != Delivery.State.PENDING
                        && delivery.last() != null
                        && delivery.last().isBefore(before));
    }
}
