package countersign.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * The tables, and the migrations that make them. Flyway makes them; to find out that there is nothing to do, which it
 * takes a quarter of a second for, one query is enough.
 */
final class Schema {
    /** Every migration in {@code db/migration}, in order. */
    static final String[] MIGRATIONS = {
        "V1__tokens.sql",
        "V2__changes.sql",
        "V3__key_revocations.sql",
        "V4__passwords.sql",
        "V5__emergency_merges.sql",
        "V6__log_anchor.sql",
        "V7__history.sql",
        "V8__events.sql",
        "V9__decisions.sql",
        "V10__recoveries.sql",
        "V11__webhooks.sql",
        "V12__templates.sql",
        "V13__comments.sql",
        "V14__stop_orders.sql",
        "V15__failures.sql",
        "V16__newest_vote.sql",
    };

    private static final String FOLDER = "/db/migration/";
    private static final String HISTORY = """
            select "version", "checksum" from "flyway_schema_history" where "success" = true and "version" is not null
            """;

    private static final String TABLES = """
            select lower(table_name) from information_schema.tables where table_schema = current_schema
            """;
    private static final Pattern MADE = Pattern.compile("create table (\\w+)");
    private static final Pattern DROPPED = Pattern.compile("drop table (\\w+)");

    private Schema() {}

    /** Brings the tables up to date. */
    static void migrate(DataSource database) {
        if (!isCurrent(database)) {
            Flyway.configure().dataSource(database).load().migrate();
        }
    }

    /** Whether exactly the migrations that are known here were done, from the same texts. */
    static boolean isCurrent(DataSource database) {
        SortedMap<String, Integer> done = new TreeMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(HISTORY);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                done.put(rows.getString(1), rows.getInt(2));
            }
        } catch (SQLException noHistory) {
            return false;
        }
        return done.equals(known());
    }

    /** Tables that the migrations made and that are gone; of a database that is up to date. */
    static List<String> missingTables(DataSource database) {
        Set<String> missing = new TreeSet<>(tables());
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(TABLES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                missing.remove(rows.getString(1));
            }
        } catch (SQLException unreadable) {
            throw new IllegalStateException("the database does not say which tables it has", unreadable);
        }
        return List.copyOf(missing);
    }

    /** Every table that the migrations make. */
    static Set<String> tables() {
        Set<String> tables = new TreeSet<>();
        for (String migration : MIGRATIONS) {
            lines(migration).forEach(line -> {
                Matcher made = MADE.matcher(line);
                if (made.lookingAt()) {
                    tables.add(made.group(1));
                }
                Matcher dropped = DROPPED.matcher(line);
                if (dropped.lookingAt()) {
                    tables.remove(dropped.group(1));
                }
            });
        }
        return tables;
    }

    private static SortedMap<String, Integer> known() {
        SortedMap<String, Integer> known = new TreeMap<>();
        for (String migration : MIGRATIONS) {
            known.put(migration.substring(1, migration.indexOf("__")), checksum(migration));
        }
        return known;
    }

    /** As Flyway computes it: CRC-32 over the lines without their ends. */
    private static int checksum(String migration) {
        CRC32 checksum = new CRC32();
        lines(migration).forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) checksum.getValue();
    }

    private static List<String> lines(String migration) {
        try (InputStream resource = Objects.requireNonNull(Schema.class.getResourceAsStream(FOLDER + migration));
                BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
