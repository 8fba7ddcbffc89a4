package countersign.notify;

import countersign.change.event.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps webhooks and what was sent to them; never a secret. Thread-safe. What a method wrote survives a killed process. */
public interface WebhookStore {
    /** Keeps the webhook in the place of an older one with its id. */
    void save(Webhook webhook);

    Optional<Webhook> find(String id);

    /** All webhooks, oldest first. */
    List<Webhook> list();

    /** Forgets the webhook and its deliveries; false if there was none. */
    boolean delete(String id);

    /** Up to which event deliveries were made; empty if none ever was looked at. */
    Optional<Cursor> reached();

    /** Notes up to which event deliveries were made, and adds these: all or nothing. */
    void advance(Cursor to, List<Delivery> added);

    /** Replaces the delivery of that webhook and message; forgotten if the webhook is. */
    void save(Delivery delivery);

    /** The highest place of any delivery; 0 if there is none. */
    long highestPlace();

    /** A webhook's deliveries that are to be tried at a time, in the order of their places. */
    List<Delivery> due(String webhook, Instant now, int limit);

    /** A webhook's deliveries below a place, newest first. */
    List<Delivery> deliveries(String webhook, long below, int limit);

    /** Forgets what was delivered or given up before a time. */
    void prune(Instant before);
}
