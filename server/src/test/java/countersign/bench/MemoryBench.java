package countersign.bench;

import countersign.BenchServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a server holds in memory after so many reviewed changes, and what they cost then; its clients' share is small. */
final class MemoryBench {
    private static final int FILES = 1_000;
    private static final int CLIENTS = 2;

    /** What one day holds costs each change of that day. */
    private static final int CHANGES_A_DAY = 100;

    private static final double MEBIBYTE = 1024 * 1024;
    private static final int COLLECTIONS = 20;

    /** What a memory that is flat may seem to grow, by caches that fill up to their bounds. */
    private static final double MOST_GROWTH = 1.25;

    private static final double MOST_COST = 1.3;

    private final int most;
    private final Consumer<Row> rows;
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private int merged;

    /** @param most changes in the end */
    MemoryBench(int most, Consumer<Row> rows) {
        this.most = most;
        this.rows = rows;
    }

    void run() throws Exception {
        Path folder = BenchFolder.create("memory");
        try {
            ReviewedChangeBench.found(folder, FILES);
            try (BenchServer server = BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE)) {
                step(server, most / 10);
                Held middle = step(server, most / 2);
                Held end = step(server, most);
                rows.accept(Row.times(
                        String.format(Locale.ROOT, "heap at %,d changes, of that at %,d", most, most / 2),
                        end.heap / middle.heap,
                        MOST_GROWTH));
                rows.accept(Row.times(
                        String.format(
                                Locale.ROOT,
                                "processor time of a change behind the first %,d, of those before",
                                most / 2),
                        end.processor / middle.processor,
                        MOST_COST));
            }
        } finally {
            BenchFolder.delete(folder);
        }
    }

    /**
     * What there was behind some changes.
     *
     * @param heap MiB that are held
     * @param processor milliseconds that each of them cost, clients and server together
     */
    private record Held(double heap, double processor) {}

    /** Merges until there are so many. */
    private Held step(BenchServer server, int until) throws Exception {
        int from = merged;
        double used = Timings.processorSeconds();
        long start = System.nanoTime();
        merge(server, until);
        double seconds = (System.nanoTime() - start) / 1e9;
        double processor = (Timings.processorSeconds() - used) / (until - from) * 1e3;
        String at = String.format(Locale.ROOT, "at %,d changes", until);
        rows.accept(new Row(
                "reviewed changes until there were " + String.format(Locale.ROOT, "%,d", until),
                String.format(Locale.ROOT, "%,.1f /s", (until - from) / seconds),
                "",
                "",
                String.format(Locale.ROOT, "%.2f", processor),
                "",
                ""));
        double heap = heap();
        rows.accept(Row.plain("heap after a full collection " + at, heap, "MiB"));
        rows.accept(Row.plain("resident " + at, resident(), "MiB"));
        return new Held(heap, processor);
    }

    private void merge(BenchServer server, int until) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Integer>> loops = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = merged + client;
                loops.add(() -> {
                    ReviewClient people = new ReviewClient(server);
                    for (int number = first; number < until; number += CLIENTS) {
                        people.open("memory-" + number, today.minusDays(number / CHANGES_A_DAY), number % FILES);
                        people.signAndMerge("memory-" + number);
                    }
                    return until;
                });
            }
            for (Future<Integer> loop : threads.invokeAll(loops)) {
                merged = loop.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The least of several collections: packing holds what it copies, for some seconds after the last change. */
    private static double heap() throws InterruptedException {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE);
            TimeUnit.SECONDS.sleep(1);
        }
        return least;
    }

    private static double resident() throws IOException {
        return Files.readString(Path.of("/proc/self/status"), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
