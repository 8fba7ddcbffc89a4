package countersign.bench;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Everything that has a budget, measured and printed as one Markdown table; takes up to a quarter of an hour. Asserts nothing about
 * time. Arguments: the parts wanted (changes, push, commits, git, log, audit, validation,
 * history, watch, documents, start; all if none is named), and
 * {@code --seconds N} for each row of changes and pushes.
 */
public final class Bench {
    private static final List<Integer> SIZES = List.of(1_000, 10_000);

    private final Set<String> parts = new TreeSet<>();
    private double seconds = 8;

    private Bench(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--seconds") && i + 1 < arguments.length) {
                seconds = Double.parseDouble(arguments[++i]);
            } else {
                parts.add(arguments[i]);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        new Bench(arguments).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Map<String, Part> all = all();
        if (!parts.stream().allMatch(part -> all.keySet().stream().anyMatch(key -> names(part, key)))) {
            throw new IllegalArgumentException("parts are " + all.keySet() + ", found " + parts);
        }
        System.out.println(circumstances());
        System.out.println(Row.HEADER);
        for (Map.Entry<String, Part> part : all.entrySet()) {
            if (parts.isEmpty() || parts.stream().anyMatch(name -> names(name, part.getKey()))) {
                part.getValue().run(System.out::println);
            }
        }
        System.out.println(circumstances());
    }

    private static boolean names(String name, String part) {
        return part.equals(name) || part.startsWith(name + "-");
    }

    /** Something to measure, whose rows are shown as they come. */
    @FunctionalInterface
    private interface Part {
        void run(Consumer<Row> rows) throws Exception;

        /** One that has its rows only at its end. */
        static Part of(Callable<List<Row>> all) {
            return rows -> all.call().forEach(rows);
        }
    }

    private Map<String, Part> all() {
        Map<String, Part> all = new LinkedHashMap<>();
        for (int files : SIZES) {
            all.put("changes-" + files, rows -> new ReviewedChangeBench(seconds, rows).byApi(files));
        }
        all.put("push", rows -> new ReviewedChangeBench(seconds, rows).byPush(SIZES.get(0)));
        all.put("commits", Part.of(() -> CommitBench.rows(3)));
        all.put("git", Part.of(() -> GitBench.rows(40)));
        all.put("log", Part.of(LogAppendBench::rows));
        all.put("audit", Part.of(() -> AuditBench.rows(3_000)));
        all.put("validation", Part.of(() -> ValidationBench.rows(10)));
        all.put("history", Part.of(() -> HistoryBench.rows(100_000, 2)));
        all.put("watch", Part.of(WatchBench::rows));
        all.put("documents", Part.of(() -> DocumentBench.rows(5)));
        all.put("start", Part.of(StartBench::rows));
        return all;
    }

    private static String circumstances() {
        return String.format(
                Locale.ROOT,
                "%nJDK %s, %d cores, load average %.1f; clients and server share the cores.%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
