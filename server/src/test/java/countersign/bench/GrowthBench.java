package countersign.bench;

import countersign.BenchServer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * How many times as much things cost where there is a hundred times as much: both are prepared, then measured by turns, so that
 * what else the machine does, and what the compiler learns meanwhile, weighs on both.
 */
final class GrowthBench {
    private static final int FACTOR = 100;
    private static final int ROUNDS = 3;
    private static final double SECONDS = 5;
    private static final double MOST = 1.3;

    /** About as many as the genesis of a repository may have. */
    private static final int GENESIS = 19_900;

    private final int large;
    private final Consumer<Row> rows;

    /** @param large files, commits or changes; the small one has a hundredth of it */
    GrowthBench(int large, Consumer<Row> rows) {
        this.large = large;
        this.rows = rows;
    }

    /** Makes as much as that below a folder. */
    @FunctionalInterface
    private interface Preparation {
        Prepared of(Path folder, int size) throws Exception;
    }

    void run() throws Exception {
        compare("reviewed change at %,d files", Math.min(GENESIS, large), Reviewed::prepare);
        compare(
                "durable commit at %,d files",
                large, (folder, size) -> CommitBench.prepare(folder, new CommitBench.Size(size, 0), 1, SECONDS));
        compare(
                "durable commit at %,d commits",
                large,
                (folder, size) -> CommitBench.prepare(folder, new CommitBench.Size(large / FACTOR, size), 1, SECONDS));
        compare("the 50 newest of %,d changes", large, (folder, size) -> HistoryBench.newest(folder, size, SECONDS));
    }

    private void compare(String what, int most, Preparation preparation) throws Exception {
        Path folder = BenchFolder.create("growth");
        try (Prepared few = preparation.of(folder.resolve("few"), most / FACTOR);
                Prepared many = preparation.of(folder.resolve("many"), most)) {
            few.measure();
            many.measure();
            double small = Double.POSITIVE_INFINITY;
            double grown = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                small = Math.min(small, processor(name(what, most / FACTOR), few));
                grown = Math.min(grown, processor(name(what, most), many));
            }
            rows.accept(Row.times(name(what, most) + ", processor time of that at a hundredth", grown / small, MOST));
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private double processor(String what, Prepared prepared) throws Exception {
        Timings timings = prepared.measure();
        rows.accept(Row.of(what, timings, Row.Budget.NONE));
        return timings.processorMillis();
    }

    /** A server over so many files, and one client that opens, signs and merges. */
    private static final class Reviewed implements Prepared {
        private final BenchServer server;
        private final int files;
        private int changes;

        private Reviewed(BenchServer server, int files) {
            this.server = server;
            this.files = files;
        }

        static Prepared prepare(Path folder, int files) throws Exception {
            ReviewedChangeBench.found(folder, files);
            return new Reviewed(BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE), files);
        }

        @Override
        public Timings measure() throws Exception {
            ReviewClient people = new ReviewClient(server); // the server ends connections that rest
            return Timings.of(1, 2 * SECONDS, (client, call) -> {
                String name = "grown-" + changes;
                people.open(name, changes % files);
                people.signAndMerge(name);
                changes++;
            });
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static String name(String what, int size) {
        return String.format(Locale.ROOT, what, size);
    }
}
