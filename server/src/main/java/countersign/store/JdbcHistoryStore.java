package countersign.store;

import countersign.history.Fact;
import countersign.history.HistoryStore;
import countersign.history.IndexedMerge;
import countersign.history.PastMerge;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The past in SQL. Thread-safe: all state is the database's. Facts are bytes, so that every database sorts them alike;
 * times are seconds since 1970.
 */
public final class JdbcHistoryStore implements HistoryStore {
    private static final String SELECT = """
            select seq, log_index, merged_at, opened, name, title, operation, of_change, type, requester, before_id, after_id
              from history_merge
            """;
    private static final String INSERT_MERGE = """
            insert into history_merge
                (seq, log_index, merged_at, opened, name, title, operation, of_change, type, requester, before_id, after_id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String INSERT_FACT = "insert into history_fact (fact, seq) values (?, ?)";

    /** Greater than every byte of UTF-8. */
    private static final byte ABOVE = (byte) 0xff;

    private final Database database;

    public JdbcHistoryStore(Database database) {
        this.database = database;
    }

    @Override
    public long indexed() {
        return database.find(row -> row.getLong(1), "select entries from history_indexed")
                .orElse(0L);
    }

    @Override
    public boolean advance(long from, long to, List<IndexedMerge> merges) {
        return database.together(connection -> move(connection, from, to) && add(connection, merges));
    }

    private static boolean move(Connection connection, long from, long to) throws SQLException {
        try (PreparedStatement mark =
                connection.prepareStatement("update history_indexed set entries = ? where entries = ?")) {
            mark.setLong(1, to);
            mark.setLong(2, from);
            return mark.executeUpdate() == 1;
        }
    }

    private static boolean add(Connection connection, List<IndexedMerge> merges) throws SQLException {
        try (PreparedStatement merge = connection.prepareStatement(INSERT_MERGE);
                PreparedStatement facts = connection.prepareStatement(INSERT_FACT)) {
            for (IndexedMerge each : merges) {
                bind(merge, values(each.merge()));
            }
            for (Row row : rows(merges)) {
                facts.setBytes(1, row.key());
                facts.setLong(2, row.seq());
                facts.addBatch();
            }
            merge.executeBatch();
            facts.executeBatch();
        }
        return true;
    }

    private record Row(byte[] key, long seq) {}

    /** In the order of the index, so that what lies together is written together. */
    private static List<Row> rows(List<IndexedMerge> merges) {
        List<Row> rows = new ArrayList<>();
        merges.forEach(each -> each.facts()
                .forEach(fact -> rows.add(new Row(fact.key(), each.merge().seq()))));
        rows.sort(Comparator.comparing(Row::key, Arrays::compareUnsigned).thenComparing(Row::seq));
        return rows;
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        statement.addBatch();
    }

    @Override
    public void clear() {
        database.together(connection -> {
            for (String table : List.of("history_fact", "history_merge")) {
                try (PreparedStatement delete = connection.prepareStatement("delete from " + table)) {
                    delete.executeUpdate();
                }
            }
            try (PreparedStatement mark = connection.prepareStatement("update history_indexed set entries = 0")) {
                mark.executeUpdate();
            }
            return true;
        });
    }

    @Override
    public Optional<PastMerge> latest(Instant time) {
        return database.find(
                JdbcHistoryStore::read,
                SELECT + " where merged_at <= ? order by merged_at desc, seq desc limit 1",
                time.getEpochSecond());
    }

    @Override
    public List<PastMerge> merges(Collection<Long> seqs) {
        if (seqs.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", Collections.nCopies(seqs.size(), "?"));
        return database.list(
                JdbcHistoryStore::read, SELECT + " where seq in (" + marks + ") order by seq desc", seqs.toArray());
    }

    @Override
    public List<Long> postings(Fact fact, long below, int limit) {
        return database.list(
                row -> row.getLong(1),
                "select seq from history_fact where fact = ? and seq < ? order by fact desc, seq desc limit ?",
                fact.key(),
                below,
                limit);
    }

    /** Leaps from one word to the next, so that it costs nothing how often a word occurs. */
    @Override
    public List<String> words(String start, int limit) {
        List<String> words = new ArrayList<>();
        byte[] from = Fact.word(start).key();
        byte[] end = above(from);
        Optional<byte[]> next = next(">=", from, end);
        while (next.isPresent() && words.size() < limit) {
            byte[] key = next.get();
            words.add(new String(key, 1, key.length - 1, StandardCharsets.UTF_8));
            next = next(">", key, end);
        }
        return List.copyOf(words);
    }

    private Optional<byte[]> next(String comparison, byte[] from, byte[] end) {
        return database.find(
                row -> row.getBytes(1),
                "select fact from history_fact where fact " + comparison + " ? and fact < ? order by fact, seq limit 1",
                from,
                end);
    }

    private static byte[] above(byte[] start) {
        byte[] above = Arrays.copyOf(start, start.length + 1);
        above[start.length] = ABOVE;
        return above;
    }

    private static List<Object> values(PastMerge merge) {
        return Arrays.asList(
                merge.seq(),
                merge.index(),
                merge.time().getEpochSecond(),
                merge.change().day(),
                merge.change().name(),
                merge.title(),
                merge.operation().label(),
                merge.of() == null ? null : merge.of().toString(),
                merge.type(),
                merge.requester(),
                merge.before(),
                merge.after());
    }

    private static PastMerge read(ResultSet row) throws SQLException {
        String of = row.getString("of_change");
        return new PastMerge(
                row.getLong("seq"),
                row.getLong("log_index"),
                Instant.ofEpochSecond(row.getLong("merged_at")),
                new ChangeId(row.getString("opened"), row.getString("name")),
                row.getString("title"),
                Operation.valueOf(row.getString("operation").toUpperCase(Locale.ROOT)),
                of == null ? null : ChangeId.parse(of),
                row.getString("type"),
                row.getString("requester"),
                row.getString("before_id"),
                row.getString("after_id"));
    }
}
