package countersign.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The parts of the table: those that have a row soon come first, those that cost much last. {@code memory} and {@code growth} take
 * many minutes and are measured only if they are named.
 *
 * @param seconds for each row of changes and pushes
 * @param scale which part of the whole is measured, 1 for all
 */
record Parts(double seconds, double scale) {
    private static final int SMALL = 1_000;
    private static final int LARGE = 10_000;

    /** What is not given back to the system would hide what is held. */
    private static final String SMALL_HEAP = "-Xmx512m";

    /** What a part does; its rows are shown as they come. */
    @FunctionalInterface
    interface Work {
        void run(Consumer<Row> rows) throws Exception;

        /** One that has its rows only at its end. */
        static Work of(Callable<List<Row>> all) {
            return rows -> all.call().forEach(rows);
        }
    }

    /**
     * A part.
     *
     * @param mostSeconds when it is ended
     * @param onlyByName whether it is left out unless it is named
     * @param options of the Java machine that measures it
     */
    record Part(long mostSeconds, boolean onlyByName, List<String> options, Work work) {}

    static Parts whole() {
        return new Parts(8, 1);
    }

    static Parts quick() {
        return new Parts(3, 0.1);
    }

    Parts withSeconds(double other) {
        return new Parts(other, scale);
    }

    /** Those with these names, or all that need no naming; {@code changes} names {@code changes-1000}, too. */
    Map<String, Part> chosen(List<String> names) {
        Map<String, Part> all = all();
        for (String name : names) {
            if (all.keySet().stream().noneMatch(part -> isNamed(name, part))) {
                throw new IllegalArgumentException("parts are " + all.keySet() + ", found " + name);
            }
        }
        if (names.isEmpty()) {
            all.values().removeIf(Part::onlyByName);
        } else {
            all.keySet().removeIf(part -> names.stream().noneMatch(name -> isNamed(name, part)));
        }
        return all;
    }

    Part get(String name) {
        return all().get(name);
    }

    private static boolean isNamed(String name, String part) {
        return part.equals(name) || part.startsWith(name + "-");
    }

    private Map<String, Part> all() {
        Map<String, Part> all = new LinkedHashMap<>();
        all.put("log", server(30, Work.of(LogAppendBench::rows)));
        all.put("changes-" + SMALL, server(160, rows -> new ReviewedChangeBench(seconds, rows).byApi(SMALL)));
        all.put("documents", server(60, Work.of(() -> DocumentBench.rows(5 * Math.max(scale, 0.4)))));
        all.put("start", part(90, StartBench::run));
        all.put("commits", server(60, rows -> CommitBench.run(3 * Math.max(scale, 0.4), rows)));
        all.put("watch", server(130, WatchBench::run));
        if (scale == 1) {
            all.put("changes-" + LARGE, server(180, rows -> new ReviewedChangeBench(seconds, rows).byApi(LARGE)));
        }
        all.put("push", server(90, rows -> new ReviewedChangeBench(seconds, rows).byPush(SMALL)));
        all.put("validation", part(90, Work.of(() -> ValidationBench.rows(scaled(10)))));
        all.put("audit", part(90, Work.of(() -> AuditBench.rows(scaled(3_000)))));
        all.put("git", server(120, Work.of(() -> GitBench.rows(scaled(40)))));
        all.put("history", server(180, rows -> HistoryBench.run(scaled(100_000), 2 * Math.max(scale, 0.25), rows)));
        all.put(
                "memory",
                new Part(
                        45 * 60,
                        true,
                        with(Launched.server(), SMALL_HEAP),
                        rows -> new MemoryBench(scaled(20_000), rows).run()));
        all.put(
                "growth",
                new Part(45 * 60, true, Launched.server(), rows -> new GrowthBench(scaled(100_000), rows).run()));
        return all;
    }

    private int scaled(int whole) {
        return (int) Math.ceil(whole * scale);
    }

    /** One that is measured as a server is run. */
    private static Part server(long mostSeconds, Work work) {
        return new Part(mostSeconds, false, Launched.server(), work);
    }

    private static List<String> with(List<String> options, String more) {
        return Stream.concat(options.stream(), Stream.of(more)).toList();
    }

    private static Part part(long mostSeconds, Work work) {
        return new Part(mostSeconds, false, List.of(), work);
    }
}
