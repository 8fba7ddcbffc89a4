package countersign.notify;

import countersign.change.event.EventLog;
import countersign.change.event.EventType;
import countersign.codec.Refusal;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks of a server: made, changed and taken away by administrators, and served by a courier. Thread-safe. Who may
 * call is decided before.
 */
public final class Webhooks implements EventLog.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final int MOST = 100;
    private static final int THREADS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final WebhookStore store;
    private final WebhookSecrets secrets;
    private final CloudEvents form;
    private final Networks networks;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Post post;
    private final Courier courier;
    private final ExecutorService sending = Executors.newFixedThreadPool(THREADS, daemon("webhooks"));
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(daemon("webhook-rounds"));

    /**
     * What webhooks are made of.
     *
     * @param networks where messages may be sent
     * @param source URI of where events come from, the same for ever
     */
    public record Parts(
            WebhookStore store,
            EventLog events,
            WebhookSecrets secrets,
            Networks networks,
            String source,
            InstantSource clock,
            RandomGenerator random) {}

    public Webhooks(Parts parts) {
        this.store = parts.store();
        this.secrets = parts.secrets();
        this.form = new CloudEvents(parts.source());
        this.networks = parts.networks();
        this.clock = parts.clock();
        this.random = parts.random();
        this.post = new Post(parts.networks(), InetAddress::getAllByName, PATIENCE);
        this.courier = new Courier(
                store, parts.events(), new Courier.Parts(post, secrets, form, new Retries(random), clock, sending));
        parts.events().addListener(this);
    }

    /**
     * What somebody asks for.
     *
     * @param types only these events; empty for all
     */
    public record Wish(String name, String url, Set<EventType> types) {
        public Wish {
            types = Set.copyOf(types);
        }
    }

    /** A webhook with its secret, which can't be had again. */
    public record Created(Webhook webhook, String secret) {
        /** The webhook alone. */
        @Override
        public String toString() {
            return webhook.toString();
        }
    }

    /** Begins to send. */
    public void start() {
        ScheduledFuture<?> unused = rounds.scheduleWithFixedDelay(this::attemptRound, 0, 1, TimeUnit.SECONDS);
    }

    /** Sends no more; what is on its way may arrive and be sent again later. */
    public void stop() {
        rounds.shutdownNow();
        sending.shutdownNow();
        post.close();
        try {
            if (!sending.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("messages are still on their way");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void told() {
        if (!courier.isIdle() && !rounds.isShutdown()) {
            rounds.execute(this::attemptRound);
        }
    }

    @Override
    public EventLog.Urgency urgency() {
        return courier.isIdle() ? EventLog.Urgency.NEVER : EventLog.Urgency.SOON;
    }

    /**
     * Makes a webhook that is told of what happens from now on. Refused at once where no message could ever go; what a name
     * leads to is judged at each delivery.
     */
    public synchronized Created create(String person, Wish wish) {
        List<Webhook> all = store.list();
        if (all.size() >= MOST) {
            throw new Refusal("too-many-webhooks", "there are " + MOST + " webhooks already", "delete one");
        }
        if (all.stream().anyMatch(webhook -> webhook.name().equals(wish.name()))) {
            throw new Refusal(
                    "duplicate-webhook-name",
                    "there is a webhook called " + wish.name() + " already",
                    "choose another name, or delete that one");
        }
        URI url = Webhook.url(wish.url());
        networks.requirePossible(url);
        Webhook webhook = new Webhook(
                randomHex(),
                wish.name(),
                url,
                wish.types(),
                person,
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                true,
                null,
                null);
        courier.begin(webhook);
        return new Created(webhook, secrets.text(webhook.id()));
    }

    public List<Webhook> list() {
        return store.list();
    }

    /** The webhook, or a Refusal {@code no-such-webhook}. */
    public Webhook get(String id) {
        return store.find(id).orElseThrow(() -> unknown(id));
    }

    /** Lets it send, or stops it. What happens while it is off is never sent. */
    public Webhook enable(String id, boolean on) {
        return courier.change(id, webhook -> webhook.switched(on));
    }

    public void delete(String id) {
        if (!courier.forget(id)) {
            throw unknown(id);
        }
    }

    /** Sends a message that says nothing; gives its id. */
    public String ping(String id) {
        Webhook webhook = get(id);
        String message = "ping-" + randomHex();
        courier.add(webhook, form.ping(message, id, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
        told();
        return message;
    }

    /** What was sent to it and what waits, newest first. */
    public List<Delivery> deliveries(String id, long below, int limit) {
        return store.deliveries(get(id).id(), below, limit);
    }

    /** Forgets deliveries that ended long ago. */
    public void prune() {
        courier.prune();
    }

    private void attemptRound() {
        try {
            courier.round();
        } catch (IllegalStateException failed) {
            LOG.warn("webhooks were not served and will be again", failed);
        }
    }

    private String randomHex() {
        byte[] drawn = new byte[8];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private static Refusal unknown(String id) {
        return new Refusal("no-such-webhook", "there is no webhook " + id);
    }

    private static ThreadFactory daemon(String name) {
        return work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        };
    }
}
