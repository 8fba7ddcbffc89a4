package countersign.bench;

import countersign.access.TrustReader;
import countersign.document.reader.Documents;
import countersign.history.Fact;
import countersign.history.Fact.About;
import countersign.history.History;
import countersign.history.HistoryQuery;
import countersign.history.HistoryStore;
import countersign.history.IndexedMerge;
import countersign.history.PastMerge;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import countersign.repository.DocumentReader;
import countersign.repository.object.InMemoryRepository;
import countersign.store.Database;
import countersign.store.JdbcHistoryStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Questions about the past of many changes, over the embedded database on disk. */
final class HistoryBench {
    private static final int PIECE = 500;
    private static final int SYSTEMS = 1_000;
    private static final int PEOPLE = 60;
    private static final int VOCABULARY = 5_000;
    private static final int WORDS_OF_ONE = 20;
    private static final double WARM_UP = 1;
    private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");

    private final int changes;
    private final double seconds;
    private final Random random = new Random(20261121);

    private HistoryBench(int changes, double seconds) {
        this.changes = changes;
        this.seconds = seconds;
    }

    static void run(int changes, double seconds, Consumer<Row> rows) throws Exception {
        Path folder = BenchFolder.create("history");
        try (Past past = Past.open(folder)) {
            new HistoryBench(changes, seconds).measure(past.store, past.history, rows);
        } finally {
            BenchFolder.delete(folder);
        }
    }

    /** So many changes of the past, and the question for the newest 50. */
    static Prepared newest(Path folder, int changes, double seconds) {
        HistoryBench bench = new HistoryBench(changes, seconds);
        Past past = Past.open(folder);
        bench.fill(past.store);
        return new Prepared() {
            @Override
            public Timings measure() throws Exception {
                return bench.ask(past.history, 50, bench::all);
            }

            @Override
            public void close() {
                past.close();
            }
        };
    }

    /** A history over a database. */
    private record Past(Database database, RecordLog log, HistoryStore store, History history)
            implements AutoCloseable {
        static Past open(Path folder) {
            Database database = Database.openFile(folder);
            RecordLog log = RecordLog.open(folder.resolve("log"), LogAppendBench.signers(), InstantSource.system());
            JdbcHistoryStore store = new JdbcHistoryStore(database);
            DocumentReader documents = new DocumentReader(new Documents(), 1);
            History history = new History(new History.Parts(
                    new InMemoryRepository(), log, store, documents, new TrustReader(documents), List::of));
            return new Past(database, log, store, history);
        }

        @Override
        public void close() {
            log.close();
            database.close();
        }
    }

    private void measure(HistoryStore store, History history, Consumer<Row> rows) throws Exception {
        long started = System.nanoTime();
        fill(store);
        double filling = (System.nanoTime() - started) / 1e9;
        rows.accept(Row.atMost(
                String.format(Locale.ROOT, "history, filling its index with %,d changes", changes), filling, 300, "s"));
        Row.Budget path = new Row.Budget(0, 1, Double.POSITIVE_INFINITY);
        Row.Budget list = new Row.Budget(0, Double.POSITIVE_INFINITY, 20);
        Row.Budget search = new Row.Budget(0, Double.POSITIVE_INFINITY, 100);
        rows.accept(row(history, "the last change of a path", path, 1, () -> all().with(path())));
        rows.accept(row(history, "50 of a path", path, 50, () -> all().with(path())));
        rows.accept(row(history, "50 newest", list, 50, this::all));
        rows.accept(row(history, "50 from somewhere", list, 50, () -> all().before((long) random.nextInt(changes))));
        rows.accept(row(
                history,
                "50 of a person in an environment",
                list,
                50,
                () -> all().with(person()).with(new Fact(About.ENVIRONMENT, "env2"))));
        rows.accept(
                row(history, "search for two words", search, 50, () -> all().searching(word() + " " + word() + " ")));
        rows.accept(row(history, "search for a word that is begun", search, 50, () -> all().searching(begun())));
        rows.accept(row(history, "search for two common words", search, 50, () -> all().searching("even common ")));
        rows.accept(
                row(history, "search for what never occurs together", search, 50, () -> all().searching("even odd ")));
        rows.accept(row(history, "search in Chinese", search, 50, () -> all().searching("提高缓存")));
    }

    /** A question; each is another one. */
    private interface Question {
        HistoryQuery next();
    }

    private Row row(History history, String what, Row.Budget budget, int limit, Question question) throws Exception {
        return Row.of(
                String.format(Locale.ROOT, "history at %,d changes, %s", changes, what),
                ask(history, limit, question),
                budget);
    }

    private Timings ask(History history, int limit, Question question) throws Exception {
        Timings.Step step = (client, call) -> {
            HistoryQuery asked = question.next();
            history.list(new HistoryQuery(
                    asked.facts(), asked.start(), asked.since(), asked.until(), asked.before(), limit));
        };
        Timings.of(1, WARM_UP, step);
        return Timings.of(1, seconds, step);
    }

    private HistoryQuery all() {
        return HistoryQuery.everything(50);
    }

    private void fill(HistoryStore store) {
        List<IndexedMerge> piece = new ArrayList<>();
        for (int seq = 1; seq <= changes; seq++) {
            piece.add(merge(seq));
            if (piece.size() == PIECE || seq == changes) {
                store.advance(0, 0, piece);
                piece.clear();
            }
        }
    }

    private IndexedMerge merge(int seq) {
        ChangeId id = new ChangeId(LocalDate.of(2020, 1, 1).plusDays(seq / 50).toString(), "change-" + seq);
        Set<Fact> facts = new HashSet<>();
        facts.add(path());
        facts.add(new Fact(About.PATH, id.document()));
        facts.add(Fact.document("ChangeRequest/" + id.name()));
        for (int i = 0; i < 4; i++) {
            facts.add(person());
        }
        int environment = random.nextInt(3);
        facts.add(new Fact(About.ENVIRONMENT, "env" + environment));
        facts.add(new Fact(About.SYSTEM, "system-" + random.nextInt(SYSTEMS)));
        facts.add(new Fact(About.TARGET, "target-" + random.nextInt(SYSTEMS)));
        facts.add(new Fact(About.CLASSIFICATION, "public"));
        for (int i = 0; i < WORDS_OF_ONE; i++) {
            facts.add(Fact.word(word()));
        }
        List.of("common", "change", "yaml", seq % 2 == 0 ? "even" : "odd", Integer.toString(seq))
                .forEach(word -> facts.add(Fact.word(word)));
        if (seq % 3 == 0) {
            List.of("提高", "高缓", "缓存", "提", "高", "缓", "存").forEach(word -> facts.add(Fact.word(word)));
        }
        PastMerge merge = new PastMerge(
                seq,
                seq * 6L,
                START.plusSeconds(seq * 60L),
                id,
                "Give system another setting, number " + seq,
                Operation.APPLY,
                null,
                "normal",
                "ann",
                String.format(Locale.ROOT, "%040x", seq - 1),
                String.format(Locale.ROOT, "%040x", seq));
        return new IndexedMerge(merge, facts);
    }

    private Fact path() {
        int system = random.nextInt(SYSTEMS);
        return new Fact(About.PATH, "systems/system-" + system + "/system-" + system + "-production.yaml");
    }

    private Fact person() {
        return new Fact(About.PERSON, "person-" + random.nextInt(PEOPLE));
    }

    /** Few words are frequent and many rare, as in texts. */
    private String word() {
        return "w" + Integer.toString((int) Math.pow(VOCABULARY, random.nextDouble()), 36) + "ord";
    }

    /** A word without its last letters. */
    private String begun() {
        String word = word();
        return word.substring(0, word.length() - 2);
    }
}
