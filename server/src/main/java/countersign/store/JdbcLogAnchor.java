package countersign.store;

import countersign.codec.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What the database remembers of the record log that it was made from, in SQL. Thread-safe. */
public final class JdbcLogAnchor {
    private final Database database;

    public JdbcLogAnchor(Database database) {
        this.database = database;
    }

    /**
     * A place in a record log.
     *
     * @param repository id of the repository
     * @param entries a number of entries; all projections have seen them
     * @param root Merkle root over them
     * @param apply text of what applying remembered then
     */
    public record Anchor(String repository, long entries, Sha256 root, String apply) {}

    /** The newest that was kept; empty in a new database. */
    public Optional<Anchor> find() {
        return database.find(
                JdbcLogAnchor::anchor,
                "select repository, entries, root, apply from log_anchor order by entries desc limit 1");
    }

    /** Keeps an anchor in place of all before it. */
    public void keep(Anchor anchor) {
        database.update(
                "insert into log_anchor (repository, entries, root, apply) values (?, ?, ?, ?)",
                anchor.repository(),
                anchor.entries(),
                anchor.root().hex(),
                anchor.apply());
        database.update("delete from log_anchor where entries < ?", anchor.entries());
    }

    /** Forgets the log, but not the repository. */
    public void forget(Anchor anchor) {
        database.update("delete from log_anchor");
        keep(new Anchor(anchor.repository(), 0, anchor.root(), anchor.apply()));
    }

    private static Anchor anchor(ResultSet row) throws SQLException {
        return new Anchor(
                row.getString("repository"),
                row.getLong("entries"),
                new Sha256(row.getString("root")),
                row.getString("apply"));
    }
}
