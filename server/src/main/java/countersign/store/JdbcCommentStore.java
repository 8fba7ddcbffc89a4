package countersign.store;

import countersign.change.discussion.Comment;
import countersign.change.discussion.CommentStore;
import countersign.change.event.Happening;
import countersign.manifest.ChangeId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Comments in SQL. Thread-safe: all state but the highest id, which is counted here, is the database's. */
public final class JdbcCommentStore implements CommentStore {
    private static final String SELECT = """
            select id, opened, name, thread, path, line, requirement, revision, person, created_at, body, edits, edited_at,
                   resolved_by, resolved_at
              from comment
            """;

    private final Database database;
    private final JdbcEventStore events;
    private final AtomicLong highest;

    /** @param events takes what happens, in the transaction that keeps it */
    public JdbcCommentStore(Database database, JdbcEventStore events) {
        this.database = database;
        this.events = events;
        this.highest = new AtomicLong(database.find(row -> row.getLong(1), "select coalesce(max(id), 0) from comment")
                .orElse(0L));
    }

    @Override
    public long nextId() {
        return highest.incrementAndGet();
    }

    @Override
    public void add(Comment comment, List<Happening> happenings) {
        boolean unused = events.together(connection -> insert(connection, comment), happenings);
        database.force();
    }

    @Override
    public void replace(Comment before, Comment after, List<Happening> happenings) {
        boolean unused = events.together(connection -> replace(connection, before, after), happenings);
        database.force();
    }

    @Override
    public Optional<Comment> find(long id) {
        return database.find(JdbcCommentStore::read, SELECT + " where id = ?", id);
    }

    @Override
    public int count(ChangeId change) {
        return database.find(
                        row -> row.getInt(1),
                        "select count(*) from comment where name = ? and opened = ?",
                        change.name(),
                        change.day())
                .orElse(0);
    }

    @Override
    public List<Comment> list(Query query) {
        String open = query.unresolved()
                ? " and exists (select 1 from comment first where first.id = comment.thread and first.resolved_at is null)"
                : "";
        return database.list(
                JdbcCommentStore::read,
                SELECT + " where name = ? and opened = ? and id > ?" + open + " order by id limit ?",
                query.change().name(),
                query.change().day(),
                query.after(),
                query.limit());
    }

    @Override
    public List<Comment.Version> versions(long id) {
        return database.list(
                row -> new Comment.Version(
                        row.getInt("number"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("body")),
                "select number, at, body from comment_version where comment_id = ? order by number",
                id);
    }

    private static boolean insert(Connection connection, Comment comment) throws SQLException {
        return Database.update(
                        connection,
                        """
                        insert into comment (id, opened, name, thread, path, line, requirement, revision, person, created_at,
                                             body, edits)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                        comment.id(),
                        comment.change().day(),
                        comment.change().name(),
                        comment.thread(),
                        comment.subject().path(),
                        comment.subject().line(),
                        comment.subject().requirement(),
                        comment.subject().commit(),
                        comment.person(),
                        utc(comment.createdAt()),
                        comment.text(),
                        comment.edits())
                > 0;
    }

    private static boolean replace(Connection connection, Comment before, Comment after) throws SQLException {
        if (!before.text().equals(after.text())) {
            Database.update(
                    connection,
                    "insert into comment_version (comment_id, number, at, body) values (?, ?, ?, ?)",
                    before.id(),
                    before.edits(),
                    utc(before.editedAt() == null ? before.createdAt() : before.editedAt()),
                    before.text());
        }
        Comment.Resolution resolution = after.resolution();
        return Database.update(
                        connection,
                        """
                        update comment set body = ?, edits = ?, edited_at = ?, resolved_by = ?, resolved_at = ? where id = ?
                        """,
                        after.text(),
                        after.edits(),
                        utc(after.editedAt()),
                        resolution == null ? null : resolution.person(),
                        utc(resolution == null ? null : resolution.at()),
                        after.id())
                > 0;
    }

    private static Comment read(ResultSet row) throws SQLException {
        String resolvedBy = row.getString("resolved_by");
        Instant resolvedAt = instant(row, "resolved_at");
        return new Comment(
                row.getLong("id"),
                new ChangeId(row.getString("opened"), row.getString("name")),
                row.getLong("thread"),
                new Comment.Subject(
                        row.getString("path"),
                        row.getObject("line", Integer.class),
                        row.getString("requirement"),
                        row.getString("revision")),
                row.getString("person"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("body"),
                row.getInt("edits"),
                instant(row, "edited_at"),
                resolvedBy == null || resolvedAt == null ? null : new Comment.Resolution(resolvedBy, resolvedAt));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
