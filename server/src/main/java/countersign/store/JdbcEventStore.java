package countersign.store;

import countersign.change.event.Event;
import countersign.change.event.EventStore;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Events in SQL. Thread-safe: one lock for all that is appended, so that places are given in the order in which
 * transactions end; where two processes write, one of them fails at the primary key.
 */
public final class JdbcEventStore implements EventStore {
    private static final int STREAM_DIGITS = 10;

    private final Database database;
    private final RandomGenerator random;
    private final Object appending = new Object();
    private Consumer<List<Event>> listener = unheard -> {};
    private volatile String stream;
    private volatile long newest;
    private volatile long dropped;

    /** @param random names new streams */
    public JdbcEventStore(Database database, RandomGenerator random) {
        this.database = database;
        this.random = random;
        this.stream = database.find(row -> row.getString(1), "select id from event_stream")
                .orElseGet(this::begin);
        this.dropped = database.find(row -> row.getLong(1), "select dropped from event_stream")
                .orElse(0L);
        this.newest = Math.max(
                dropped,
                database.find(row -> row.getLong(1), "select coalesce(max(seq), 0) from event")
                        .orElse(0L));
    }

    @Override
    public String stream() {
        return stream;
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Event> list(long after, int limit) {
        return database.list(
                JdbcEventStore::read,
                "select seq, type, change, body from event where seq > ? order by seq limit ?",
                after,
                limit);
    }

    @Override
    public void append(List<Happening> happenings) {
        together(connection -> true, happenings);
    }

    /** Does work, and appends what happened by it, in one transaction; neither if the work says so. */
    boolean together(Database.Work work, List<Happening> happenings) {
        synchronized (appending) {
            List<Event> events = new ArrayList<>();
            happenings.forEach(happening -> events.add(Event.of(newest + events.size() + 1, happening)));
            boolean kept = database.together(connection -> work.run(connection) && insert(connection, events));
            if (kept && !events.isEmpty()) {
                newest += events.size();
                listener.accept(List.copyOf(events));
            }
            return kept;
        }
    }

    @Override
    public void force() {
        database.force();
    }

    @Override
    public void drop(long upTo) {
        synchronized (appending) {
            if (upTo > dropped) {
                long end = Math.min(upTo, newest);
                database.update("update event_stream set dropped = ?", end);
                database.update("delete from event where seq <= ?", end);
                dropped = end;
            }
        }
    }

    @Override
    public void clear() {
        synchronized (appending) {
            database.update("delete from event");
            database.update("delete from event_stream");
            stream = begin();
            newest = 0;
            dropped = 0;
        }
    }

    @Override
    public void tell(Consumer<List<Event>> wanted) {
        synchronized (appending) {
            listener = wanted;
        }
    }

    private String begin() {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < STREAM_DIGITS; i++) {
            id.append(Character.forDigit(random.nextInt(Character.MAX_RADIX), Character.MAX_RADIX));
        }
        database.update("insert into event_stream (id, dropped) values (?, 0)", id.toString());
        return id.toString();
    }

    private static boolean insert(Connection connection, List<Event> events) throws SQLException {
        if (events.isEmpty()) {
            return true;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into event (seq, type, change, body) values (?, ?, ?, ?)")) {
            for (Event event : events) {
                insert.setLong(1, event.seq());
                insert.setString(2, event.type().label());
                insert.setString(3, event.change());
                insert.setString(4, event.body());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return true;
    }

    private static Event read(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("seq"),
                EventType.get(row.getString("type")),
                row.getString("change"),
                row.getString("body"));
    }
}
