package countersign.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * The SQL database: a pool of connections to a schema that is up to date. Thread-safe. Every call of a method is one
 * transaction; the file gets it soon, in the order of the transactions, or before the method returns where it says so.
 * A database that fails is an {@link IllegalStateException}.
 */
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 10;
    private static final String NOT_USABLE = "database-not-usable";
    private static final String DAMAGED = "database-damaged";
    private static final String UNREADABLE = "database-unreadable";

    /** What H2 says of a file whose content can't be what it wrote. */
    private static final int FILE_CORRUPTED = 90030;

    /** More than are in use: a statement that a connection does not remember is parsed each time. */
    private static final String STATEMENTS = "100";

    /** Of pages in memory; by itself H2 takes the more the larger the heap may become. */
    private static final String CACHE_KIBIBYTES = "32768";

    private final HikariDataSource pool;
    private final boolean embedded;

    private Database(HikariDataSource pool, boolean embedded) {
        this.pool = pool;
        this.embedded = embedded;
    }

    /**
     * Opens the embedded database in a folder's file {@code countersign}, which no other process has open. If a crash damaged
     * its schema it is made anew, with what can be read of what nobody could compute again; {@code database-unreadable} if
     * not even its file can be opened.
     */
    public static Database openFile(Path folder) {
        Rescue rescue = new Rescue(folder);
        rescue.finish();
        String address = Rescue.address(folder);
        try {
            return open(address);
        } catch (Refusal damaged) {
            if (!damaged.rule().equals(DAMAGED) && !damaged.rule().equals(NOT_USABLE)) {
                throw damaged;
            }
            rescue.run(damaged.findings().get(0).message());
            return open(address);
        }
    }

    /** Opens the database at a JDBC address and migrates its schema. */
    public static Database open(String url) {
        return open(new DatabaseAddress(url, null, null));
    }

    /** Opens a database and migrates its schema; {@link UncheckedIOException} if nobody answers there. */
    public static Database open(DatabaseAddress address) {
        HikariDataSource pool = pool(address);
        try {
            Schema.migrate(pool);
            requireWhole(pool);
            Database database = new Database(pool, address.embedded());
            database.force();
            return database;
        } catch (FlywayException failed) {
            pool.close();
            throw new Refusal(
                    NOT_USABLE,
                    "the database's schema could not be brought up to date: " + firstLine(failed),
                    "if nothing but projections and tokens is in it, delete it and start again");
        }
    }

    /** The cause and not the advice that follows it. */
    private static String firstLine(FlywayException failed) {
        return String.valueOf(failed.getMessage()).strip().lines().findFirst().orElse("");
    }

    private static void requireWhole(HikariDataSource pool) {
        List<String> missing = Schema.missingTables(pool);
        if (!missing.isEmpty()) {
            pool.close();
            throw new Refusal(
                    DAMAGED,
                    "the database says that its schema is up to date, and has no table " + String.join(", ", missing),
                    "restore it from a backup, or start with an empty one: projections are made again, tokens are not");
        }
    }

    private static HikariDataSource pool(DatabaseAddress address) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName("database");
        if (address.embedded()) {
            config.addDataSourceProperty("QUERY_CACHE_SIZE", STATEMENTS);
            config.addDataSourceProperty("CACHE_SIZE", CACHE_KIBIBYTES);
        }
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException unreachable) {
            if (unreachable.getCause() instanceof SQLException refused && refused.getErrorCode() == FILE_CORRUPTED) {
                throw new Refusal(
                        UNREADABLE,
                        "the file of the database " + address + " is corrupt: " + refused.getMessage(),
                        "restore it from a backup, or move it away and start: projections are made again, but tokens,"
                                + " passwords, webhooks and comments are lost");
            }
            throw new UncheckedIOException(
                    "the database " + address + " does not let us in: " + unreachable.getMessage(),
                    new IOException(unreachable));
        }
    }

    /**
     * Writes the embedded database as it stands now into a folder, where {@link #openFile} opens it; false for a database
     * elsewhere, which is copied by its own means.
     */
    public boolean copyTo(Path folder) {
        if (!embedded) {
            return false;
        }
        Path archive = folder.resolve("database.zip");
        update("backup to '" + archive.toAbsolutePath().toString().replace("'", "''") + "'");
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Files.copy(in, folder.resolve(Path.of(entry.getName()).getFileName()));
            }
            Files.delete(archive);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return true;
    }

    @Override
    public void close() {
        pool.close();
    }

    /**
     * The same as {@link #update}; what it changed survives a power cut when it returns. PostgreSQL forces every commit.
     */
    int updateForced(String sql, @Nullable Object... values) {
        int changed = update(sql, values);
        force();
        return changed;
    }

    /** Everything that was changed so far survives a power cut when it returns. */
    void force() {
        if (embedded) {
            update("checkpoint sync");
        }
    }

    /** Runs one statement that changes rows; returns how many. */
    int update(String sql, @Nullable Object... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    /** Runs work in one transaction: all that it changed is kept if it says so, otherwise nothing. */
    boolean together(Work work) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            boolean kept = false;
            try {
                kept = work.run(connection);
            } finally {
                if (kept) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
            return kept;
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    /** Runs one statement in a transaction; returns how many rows it changed. */
    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** The rows of a query. */
    <T> List<T> list(Row<T> row, String sql, @Nullable Object... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = prepare(connection, sql, values);
                ResultSet results = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(row.read(results));
            }
            return List.copyOf(rows);
        } catch (SQLException failed) {
            throw failure(failed);
        }
    }

    /** The first row of a query. */
    <T> Optional<T> find(Row<T> row, String sql, @Nullable Object... values) {
        return list(row, sql, values).stream().findFirst();
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static IllegalStateException failure(SQLException cause) {
        return new IllegalStateException("the database failed", cause);
    }

    /** Reads the row that a result stands at. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet result) throws SQLException;
    }

    /** Changes rows through a connection that it leaves open; says whether the changes are to be kept. */
    @FunctionalInterface
    interface Work {
        boolean run(Connection connection) throws SQLException;
    }
}
