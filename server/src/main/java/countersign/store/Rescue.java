package countersign.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an embedded database anew whose schema is damaged: with what can be read of the tables that follow from nothing else;
 * the others are computed again. The damaged one stays beside it. A crash on the way leaves the damaged one or the new one.
 */
final class Rescue {
    /** What nobody could compute again; a table that is not here is a projection of the repository and its log. */
    static final List<String> KEPT =
            List.of("token", "password", "webhook", "webhook_delivery", "comment", "comment_version");

    private static final Logger LOG = LoggerFactory.getLogger(Rescue.class);
    private static final int BATCH = 500;

    private final Path folder;

    Rescue(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** Ends what a crash interrupted. */
    void finish() {
        if (!Files.exists(folder) && Files.exists(made())) {
            move(made(), folder);
        }
    }

    /** Puts a new database in the place of the one that nobody has open. */
    void run(String damage) {
        Path making = beside("making");
        delete(making);
        delete(made());
        List<String> said = new ArrayList<>();
        try (Database fresh = Database.open(address(making))) {
            fresh.together(into -> copy(into, said));
            fresh.force();
        }
        move(making, made());
        Path aside = aside();
        move(folder, aside);
        move(made(), folder);
        LOG.error(
                "the database was damaged and made anew: {}; taken over: {}; the rest is computed again, but for what events"
                        + " told; the damaged one is kept at {}",
                damage,
                String.join(", ", said),
                aside);
    }

    static String address(Path folder) {
        return "jdbc:h2:file:" + folder.toAbsolutePath().resolve("countersign");
    }

    private boolean copy(Connection into, List<String> said) throws SQLException {
        JdbcDataSource damaged = new JdbcDataSource();
        damaged.setURL(address(folder));
        for (String table : KEPT) {
            said.add(table + " " + copy(damaged, into, table));
        }
        return true;
    }

    /** How much of a table was taken over. A table that can't be read to its end gives what it gives. */
    private static String copy(DataSource damaged, Connection into, String table) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        String damage = "";
        try (Connection from = damaged.getConnection();
                Statement statement = from.createStatement();
                ResultSet found = statement.executeQuery("select * from " + table)) {
            columns.addAll(common(found.getMetaData(), into, table));
            while (found.next()) {
                rows.add(row(found, columns));
            }
        } catch (SQLException unreadable) {
            damage = ", then nothing: "
                    + String.valueOf(unreadable.getMessage())
                            .lines()
                            .findFirst()
                            .orElse("");
        }
        insert(into, table, columns, rows);
        return rows.size() + " rows" + damage;
    }

    private static List<String> common(ResultSetMetaData found, Connection into, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = into.createStatement();
                ResultSet fresh = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            for (int i = 1; i <= fresh.getMetaData().getColumnCount(); i++) {
                columns.add(fresh.getMetaData().getColumnName(i));
            }
        }
        List<String> there = new ArrayList<>();
        for (int i = 1; i <= found.getColumnCount(); i++) {
            there.add(found.getColumnName(i));
        }
        columns.retainAll(there);
        return columns;
    }

    private static List<@Nullable Object> row(ResultSet found, List<String> columns) throws SQLException {
        List<@Nullable Object> row = new ArrayList<>();
        for (String column : columns) {
            Object value = found.getObject(column);
            row.add(value instanceof Clob text ? text.getSubString(1, Math.toIntExact(text.length())) : value);
        }
        return row;
    }

    private static void insert(Connection into, String table, List<String> columns, List<List<@Nullable Object>> rows)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String marks = String.join(", ", Collections.nCopies(columns.size(), "?"));
        try (PreparedStatement statement = into.prepareStatement(
                "insert into " + table + " (" + String.join(", ", columns) + ") values (" + marks + ")")) {
            for (int i = 0; i < rows.size(); i++) {
                for (int c = 0; c < columns.size(); c++) {
                    statement.setObject(c + 1, rows.get(i).get(c));
                }
                statement.addBatch();
                if (i % BATCH == BATCH - 1 || i == rows.size() - 1) {
                    statement.executeBatch();
                }
            }
        }
    }

    private Path made() {
        return beside("made");
    }

    private Path aside() {
        int number = 1;
        while (Files.exists(beside("damaged-" + number))) {
            number++;
        }
        return beside("damaged-" + number);
    }

    private Path beside(String suffix) {
        return folder.resolveSibling(folder.getFileName() + "." + suffix);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
