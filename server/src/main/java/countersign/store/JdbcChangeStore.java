package countersign.store;

import countersign.change.event.Happening;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.manifest.ChangeId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The projection of changes in SQL. Thread-safe: all state is the database's. What a call costs depends on what it
 * returns, not on how many changes there are.
 */
public final class JdbcChangeStore implements ChangeStore {
    private static final String SELECT = """
            select number, opened, name, title, type, operation, of_change, requester, state, revisions, merged, units,
                   template, priority, decide_by, decided_at
              from change_projection
            """;

    private static final String WAITING = SELECT + """
             where state in ('draft', 'review') and decide_by < ?
            """;

    private final Database database;

    private final JdbcEventStore events;

    /** @param events takes what happens to changes, in the transaction that keeps them */
    public JdbcChangeStore(Database database, JdbcEventStore events) {
        this.database = database;
        this.events = events;
    }

    @Override
    public Optional<Change> find(String name) {
        return database.find(ChangeRow::read, SELECT + " where name = ? order by number desc limit 1", name);
    }

    @Override
    public Optional<Change> find(long number) {
        return database.find(ChangeRow::read, SELECT + " where number = ?", number);
    }

    @Override
    public Optional<Change> find(ChangeId id) {
        return database.find(
                ChangeRow::read,
                SELECT + " where name = ? and opened = ? order by number desc limit 1",
                id.name(),
                id.day());
    }

    @Override
    public List<Change> list(Query query) {
        @Nullable Long limit = query.below();
        long below = limit == null ? Long.MAX_VALUE : limit;
        @Nullable ChangeState state = query.state();
        return state == null
                ? database.list(
                        ChangeRow::read,
                        SELECT + " where number < ? order by number desc limit ?",
                        below,
                        query.limit())
                : database.list(
                        ChangeRow::read,
                        SELECT + " where state = ? and number < ? order by state desc, number desc limit ?",
                        state.label(),
                        below,
                        query.limit());
    }

    @Override
    public List<Change> failed(String template) {
        return database.list(
                ChangeRow::read,
                SELECT + " where template = ? and state in ('failed', 'rolled-back') order by number desc",
                template);
    }

    @Override
    public List<Change> failedAt(String system) {
        List<Change> failed = database.list(
                ChangeRow::read,
                SELECT
                        + " where number in (select number from change_failure where at_system = ?) order by number desc",
                system);
        return failed.stream().filter(change -> change.failedAt(system)).toList();
    }

    @Override
    public List<Change> waiting(Waiting query) {
        @Nullable Instant limit = query.dueBefore();
        long before = limit == null ? Long.MAX_VALUE : limit.getEpochSecond();
        @Nullable Change after = query.after();
        long number = after == null ? 0 : after.number();
        long by = after == null ? Long.MIN_VALUE : after.due().by().getEpochSecond();
        int priority = after == null ? 0 : after.due().priority();
        return switch (query.order()) {
            case DEADLINE ->
                database.list(
                        ChangeRow::read,
                        WAITING + " and (decide_by, number) > (?, ?) order by decide_by, number limit ?",
                        before,
                        by,
                        number,
                        query.limit());
            case PRIORITY ->
                database.list(
                        ChangeRow::read,
                        WAITING + " and (priority, decide_by, number) > (?, ?, ?)"
                                + " order by priority, decide_by, number limit ?",
                        before,
                        priority,
                        by,
                        number,
                        query.limit());
        };
    }

    @Override
    public int late(Instant now) {
        return database.find(
                        row -> row.getInt(1),
                        "select count(*) from change_projection where state in ('draft', 'review') and decide_by < ?",
                        now.getEpochSecond())
                .orElse(0);
    }

    @Override
    public void save(Change change, List<Happening> happenings) {
        events.together(connection -> save(connection, change), happenings);
    }

    private static boolean save(Connection connection, Change change) throws SQLException {
        for (String system : change.failedAt()) {
            Database.update(connection, """
                    insert into change_failure (at_system, number)
                    select ?, cast(? as bigint)
                     where not exists (select 1 from change_failure where at_system = ? and number = ?)
                    """, system, change.number(), system, change.number());
        }
        @Nullable Object[] values = ChangeRow.values(change);
        return Database.update(connection, ChangeRow.UPDATE, values) > 0
                || Database.update(connection, ChangeRow.INSERT, values) > 0;
    }

    @Override
    public long highestNumber() {
        return database.find(JdbcChangeStore::number, "select coalesce(max(number), 0) from change_projection")
                .orElse(0L);
    }

    @Override
    public long newestVote() {
        return database.find(JdbcChangeStore::number, "select coalesce(max(log_index), -1) from change_vote")
                .orElse(-1L);
    }

    @Override
    public List<Long> votes(ChangeId change) {
        return database.list(
                JdbcChangeStore::number,
                "select log_index from change_vote where opened = ? and name = ? order by log_index",
                change.day(),
                change.name());
    }

    @Override
    public void addVote(ChangeId change, long index, List<Happening> happenings) {
        events.together(connection -> addVote(connection, change, index), happenings);
    }

    private static boolean addVote(Connection connection, ChangeId change, long index) throws SQLException {
        return Database.update(connection, """
                insert into change_vote (opened, name, log_index)
                select ?, ?, cast(? as bigint)
                 where not exists (select 1 from change_vote where opened = ? and name = ? and log_index = ?)
                """, change.day(), change.name(), index, change.day(), change.name(), index)
                > 0;
    }

    @Override
    public List<Long> revocations() {
        return database.list(JdbcChangeStore::number, "select log_index from key_revocation order by log_index");
    }

    @Override
    public void addRevocation(long index, List<Happening> happenings) {
        events.together(connection -> Database.update(connection, """
                insert into key_revocation (log_index)
                select cast(? as bigint)
                 where not exists (select 1 from key_revocation where log_index = ?)
                """, index, index) > 0, happenings);
    }

    @Override
    public Optional<Long> stop() {
        return database.find(
                JdbcChangeStore::number, "select log_index from stop_order order by log_index desc limit 1");
    }

    @Override
    public void setStop(long index, List<Happening> happenings) {
        events.together(connection -> Database.update(connection, """
                insert into stop_order (log_index)
                select cast(? as bigint)
                 where not exists (select 1 from stop_order where log_index >= ?)
                """, index, index) > 0, happenings);
    }

    @Override
    public List<Long> emergencies() {
        return database.list(JdbcChangeStore::number, "select log_index from emergency_merge order by log_index");
    }

    @Override
    public void addEmergency(long index) {
        database.update("""
                insert into emergency_merge (log_index)
                select cast(? as bigint)
                 where not exists (select 1 from emergency_merge where log_index = ?)
                """, index, index);
    }

    @Override
    public List<Long> recoveries() {
        return database.list(JdbcChangeStore::number, "select log_index from recovery_merge order by log_index");
    }

    @Override
    public void addRecovery(long index) {
        database.update("""
                insert into recovery_merge (log_index)
                select cast(? as bigint)
                 where not exists (select 1 from recovery_merge where log_index = ?)
                """, index, index);
    }

    @Override
    public long projected() {
        return database.find(JdbcChangeStore::number, "select entries from change_projected")
                .orElse(0L);
    }

    @Override
    public void setProjected(long entries) {
        database.update("update change_projected set entries = ? where entries < ?", entries, entries);
    }

    @Override
    public void clear() {
        database.update("update change_projected set entries = 0");
        database.update("delete from change_vote");
        database.update("delete from key_revocation");
        database.update("delete from emergency_merge");
        database.update("delete from stop_order");
        database.update("delete from recovery_merge");
        database.update("delete from change_failure");
        database.update("delete from change_projection");
        events.clear();
    }

    private static long number(ResultSet row) throws SQLException {
        return row.getLong(1);
    }
}
