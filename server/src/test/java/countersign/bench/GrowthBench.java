package countersign.bench;

import countersign.BenchServer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * How many times as much things cost where there is a hundred times as much: each is measured small and large by turns, so that
 * what else the machine does weighs on both.
 */
final class GrowthBench {
    private static final int FACTOR = 100;
    private static final double SECONDS = 5;
    private static final double MOST = 1.3;

    private final int large;
    private final Consumer<Row> rows;

    /** @param large files, commits or changes; the small one has a hundredth of it */
    GrowthBench(int large, Consumer<Row> rows) {
        this.large = large;
        this.rows = rows;
    }

    /** Something that is measured with so much there already. */
    @FunctionalInterface
    private interface Measure {
        Timings with(Path folder, int size) throws Exception;
    }

    void run() throws Exception {
        compare("durable commit at %,d files", (folder, size) -> CommitBench.measure(folder, size, 1, SECONDS));
        compare(
                "durable commit at %,d commits",
                (folder, size) -> CommitBench.measure(folder, new CommitBench.Size(large / FACTOR, size), 1, SECONDS));
        compare("the 50 newest of %,d changes", (folder, size) -> HistoryBench.newest(folder, size, SECONDS));
        compare("reviewed change at %,d files", GrowthBench::reviewed);
    }

    /** The small one is measured first and last: what the compiler learns meanwhile is not in favour of the large one. */
    private void compare(String what, Measure measure) throws Exception {
        double small = processor(what, measure, large / FACTOR);
        double grown = Math.min(processor(what, measure, large), processor(what, measure, large));
        small = Math.min(small, processor(what, measure, large / FACTOR));
        rows.accept(Row.times(name(what, large) + ", processor time of that at a hundredth", grown / small, MOST));
    }

    private double processor(String what, Measure measure, int size) throws Exception {
        Path folder = BenchFolder.create("growth");
        try {
            Timings timings = measure.with(folder.resolve("of"), size);
            rows.accept(Row.of(name(what, size), timings, Row.Budget.NONE));
            return timings.processorMillis();
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private static Timings reviewed(Path folder, int files) throws Exception {
        ReviewedChangeBench.found(folder, files);
        try (BenchServer server = BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE)) {
            ReviewClient people = new ReviewClient(server);
            Timings.of(1, 2 * SECONDS, (client, call) -> change(people, "warm-" + call, call % files));
            return Timings.of(1, SECONDS, (client, call) -> change(people, "grown-" + call, call % files));
        }
    }

    private static void change(ReviewClient people, String name, int system) {
        people.open(name, system);
        people.signAndMerge(name);
    }

    private static String name(String what, int size) {
        return String.format(Locale.ROOT, what, size);
    }
}
