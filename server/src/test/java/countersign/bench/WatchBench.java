package countersign.bench;

import countersign.BenchServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** How long it takes from the request to merge until everybody who watches has been told. */
final class WatchBench {
    private static final int FILES = 1_000;
    private static final int WARM_UP = 100;

    /** A server that serves for days is measured, not its first minute. */
    private static final long WARM_UP_NANOS = 30_000_000_000L;

    private static final int MERGES = 150;

    private WatchBench() {}

    static void run(Consumer<Row> rows) throws Exception {
        Path folder = BenchFolder.create("watch");
        try {
            ReviewedChangeBench.found(folder, FILES);
            try (BenchServer server = BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE)) {
                long start = System.nanoTime();
                for (int round = 0; System.nanoTime() - start < WARM_UP_NANOS; round++) {
                    measure(server, 100, "warm-" + round, WARM_UP, row -> {});
                }
                measure(server, 0, "none", MERGES, rows);
                measure(server, 100, "hundred", MERGES, rows);
                measure(server, 1_000, "thousand", MERGES, rows);
            }
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private static void measure(BenchServer server, int watchers, String run, int merges, Consumer<Row> rows)
            throws Exception {
        ReviewClient people = new ReviewClient(server);
        List<Long> acknowledged = new ArrayList<>();
        List<Long> told = new ArrayList<>();
        double used = 0;
        try (EventClients clients = EventClients.connect(server.url(), server.token(ShopFolder.AUTHOR), watchers)) {
            for (int merge = 0; merge < merges; merge++) {
                String change = run + "-" + merge;
                people.open(change, merge);
                for (String person : ShopFolder.APPROVERS) {
                    people.vote(change, person, people.statement(change, person));
                }
                double before = Timings.processorSeconds();
                long start = System.nanoTime();
                people.merge(change);
                acknowledged.add(System.nanoTime() - start);
                told.add(clients.awaitAll(merge + 1) - start);
                used += Timings.processorSeconds() - before;
            }
        }
        rows.accept(Row.of(
                String.format(Locale.ROOT, "merge acknowledged, %,d watchers", watchers),
                Timings.of(acknowledged, sum(acknowledged), 0),
                Row.Budget.NONE));
        if (watchers > 0) {
            rows.accept(Row.of(
                    String.format(Locale.ROOT, "merge sent → last of %,d watchers told", watchers),
                    Timings.of(told, sum(told), used),
                    new Row.Budget(0, watchers > 100 ? 40 : 8, Double.POSITIVE_INFINITY)));
        }
    }

    private static double sum(List<Long> nanos) {
        return nanos.stream().mapToLong(Long::longValue).sum() / 1e9;
    }
}
