package countersign.store;

import countersign.change.event.Cursor;
import countersign.change.event.EventType;
import countersign.notify.Delivery;
import countersign.notify.Webhook;
import countersign.notify.WebhookStore;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Webhooks in SQL. Thread-safe: all state is the database's. */
public final class JdbcWebhookStore implements WebhookStore {
    private static final String WEBHOOKS = """
            select id, name, url, types, person, created_at, enabled, reason, failing_since from webhook
            """;
    private static final String DELIVERIES = """
            select place, webhook, message, type, body, state, attempts, first_at, last_at, next_at, status, failure
              from webhook_delivery
            """;

    private final Database database;

    public JdbcWebhookStore(Database database) {
        this.database = database;
    }

    @Override
    public void save(Webhook webhook) {
        String types = webhook.types().stream().map(EventType::label).sorted().collect(Collectors.joining(" "));
        @Nullable
        Object[] values = {
            webhook.name(),
            webhook.url().toString(),
            types,
            webhook.person(),
            utc(webhook.createdAt()),
            webhook.enabled(),
            webhook.reason(),
            utc(webhook.failingSince()),
            webhook.id()
        };
        boolean unused = database.together(connection -> replace(connection, values));
        database.force();
    }

    @Override
    public Optional<Webhook> find(String id) {
        return database.find(JdbcWebhookStore::webhook, WEBHOOKS + " where id = ?", id);
    }

    @Override
    public List<Webhook> list() {
        return database.list(JdbcWebhookStore::webhook, WEBHOOKS + " order by created_at, id");
    }

    @Override
    public boolean delete(String id) {
        database.update("delete from webhook_delivery where webhook = ?", id);
        return database.updateForced("delete from webhook where id = ?", id) > 0;
    }

    @Override
    public Optional<Cursor> reached() {
        return database.find(
                row -> new Cursor(row.getString("stream"), row.getLong("seq")),
                "select stream, seq from webhook_reached");
    }

    @Override
    public void advance(Cursor to, List<Delivery> added) {
        boolean unused = database.together(connection -> {
            Database.update(connection, "delete from webhook_reached");
            Database.update(
                    connection, "insert into webhook_reached (stream, seq) values (?, ?)", to.stream(), to.seq());
            for (Delivery delivery : added) {
                insert(connection, delivery);
            }
            return true;
        });
    }

    @Override
    public void save(Delivery delivery) {
        database.update(
                """
                update webhook_delivery
                   set state = ?, attempts = ?, first_at = ?, last_at = ?, next_at = ?, status = ?, failure = ?
                 where place = ?
                """,
                delivery.state().label(),
                delivery.attempts(),
                utc(delivery.first()),
                utc(delivery.last()),
                utc(delivery.next()),
                delivery.status(),
                delivery.failure(),
                delivery.place());
    }

    @Override
    public long highestPlace() {
        return database.find(row -> row.getLong(1), "select coalesce(max(place), 0) from webhook_delivery")
                .orElse(0L);
    }

    @Override
    public List<Delivery> due(String webhook, Instant now, int limit) {
        return database.list(
                JdbcWebhookStore::delivery,
                DELIVERIES + " where webhook = ? and next_at <= ? order by place limit ?",
                webhook,
                utc(now),
                limit);
    }

    @Override
    public List<Delivery> deliveries(String webhook, long below, int limit) {
        return database.list(
                JdbcWebhookStore::delivery,
                DELIVERIES + " where webhook = ? and place < ? order by place desc limit ?",
                webhook,
                below,
                limit);
    }

    @Override
    public void prune(Instant before) {
        database.update("delete from webhook_delivery where next_at is null and last_at < ?", utc(before));
    }

    private static boolean replace(Connection connection, @Nullable Object[] values) throws SQLException {
        return Database.update(connection, """
                        update webhook
                           set name = ?, url = ?, types = ?, person = ?, created_at = ?, enabled = ?, reason = ?,
                               failing_since = ?
                         where id = ?
                        """, values) > 0 || Database.update(connection, """
                        insert into webhook (name, url, types, person, created_at, enabled, reason, failing_since, id)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """, values) > 0;
    }

    private static void insert(Connection connection, Delivery delivery) throws SQLException {
        Database.update(
                connection,
                """
                insert into webhook_delivery
                       (place, webhook, message, type, body, state, attempts, next_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                delivery.place(),
                delivery.webhook(),
                delivery.message(),
                delivery.type(),
                delivery.body(),
                delivery.state().label(),
                delivery.attempts(),
                utc(delivery.next()));
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getString("id"),
                row.getString("name"),
                URI.create(row.getString("url")),
                Arrays.stream(row.getString("types").split(" ", -1))
                        .filter(label -> !label.isEmpty())
                        .map(EventType::get)
                        .collect(Collectors.toUnmodifiableSet()),
                row.getString("person"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("enabled"),
                row.getString("reason"),
                instant(row, "failing_since"));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getString("webhook"),
                row.getLong("place"),
                row.getString("message"),
                row.getString("type"),
                row.getString("body"),
                Delivery.State.valueOf(
                        row.getString("state").toUpperCase(Locale.ROOT).replace('-', '_')),
                row.getInt("attempts"),
                instant(row, "first_at"),
                instant(row, "last_at"),
                instant(row, "next_at"),
                row.getObject("status", Integer.class),
                row.getString("failure"));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
