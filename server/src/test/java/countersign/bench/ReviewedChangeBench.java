package countersign.bench;

import countersign.BenchServer;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Full reviewed changes: opened, checked, signed by two, merged. Every one goes through the real server over HTTP on the
 * loopback, with H2 and a bare repository on disk. Each client changes systems of its own.
 */
final class ReviewedChangeBench {
    private static final int SYSTEMS_A_CLIENT = 100;

    /** For how long a server is warmed up at most, and for which share of the time the compiler may be at work then. */
    private static final double WARM_UP_SECONDS = 60;

    private static final double COMPILED = 0.1;

    private final double seconds;
    private final Consumer<Row> rows;

    /** @param rows is given each row when it is measured */
    ReviewedChangeBench(double seconds, Consumer<Row> rows) {
        this.seconds = seconds;
        this.rows = rows;
    }

    /** Opened by the API. */
    void byApi(int files) throws Exception {
        over(files, (server, folder) -> {
            String what = "reviewed change by API, " + files + " files, ";
            compiling(
                    what + "1 client, of a server that has just started",
                    Row.Budget.NONE,
                    () -> api(server, "cold", 1));
            warmUp(server);
            Row.Budget one = new Row.Budget(120, 8, Double.POSITIVE_INFINITY);
            compiling(what + "1 client", one, () -> api(server, "one", 1));
            Row.Budget eight = new Row.Budget(250, Double.POSITIVE_INFINITY, 80);
            compiling(what + "8 clients", eight, () -> api(server, "eight", 8));
            steps(server, files);
        });
    }

    /** Opened by git push, on the smallest of the sizes. */
    void byPush(int files) throws Exception {
        over(files, (server, folder) -> {
            List<GitClient> clones = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                clones.add(GitClient.clone(server.cloneUrl(ShopFolder.AUTHOR), folder.resolve("clone-" + client)));
            }
            push(server, clones.subList(0, 1), "warm");
            rows.accept(Row.of(
                    "reviewed change by git push, " + files + " files, 1 client",
                    push(server, clones.subList(0, 1), "one"),
                    Row.Budget.NONE));
            rows.accept(Row.of(
                    "reviewed change by git push, " + files + " files, 8 clients",
                    push(server, clones, "eight"),
                    Row.Budget.NONE));
        });
    }

    /**
     * A server that serves for days is meant, not its first minutes, when compiling takes more than half of all time: 5,000
     * methods in 110 seconds of processor time. It may take longer than anybody waits; so each row says how far it was.
     */
    private void warmUp(BenchServer server) throws Exception {
        double share = 1;
        long end = System.nanoTime() + (long) (WARM_UP_SECONDS * 1e9);
        for (int round = 0; share > COMPILED && System.nanoTime() < end; round++) {
            String run = "warm" + round;
            share = Compiling.during(() -> api(server, run, 2)).share();
        }
    }

    /** A row that says for which share of its time the compiler was at work. */
    private void compiling(String what, Row.Budget budget, Callable<Timings> measure) throws Exception {
        Compiling compiling = Compiling.during(measure);
        rows.accept(Row.of(what + ", " + compiling, compiling.timings(), budget));
    }

    /**
     * Timings, and how busy the compiler was meanwhile.
     *
     * @param share of the time; more than 1 if several of its threads were
     */
    private record Compiling(Timings timings, double share) {
        private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

        static Compiling during(Callable<Timings> measure) throws Exception {
            long before = COMPILER.getTotalCompilationTime();
            Timings timings = measure.call();
            return new Compiling(timings, (COMPILER.getTotalCompilationTime() - before) / 1e3 / timings.seconds());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "compiling %.0f %% of the time", share * 100);
        }
    }

    private Timings api(BenchServer server, String run, int clients) throws InterruptedException, ExecutionException {
        List<ReviewClient> people = people(server, clients);
        return Timings.of(clients, seconds, (client, call) -> {
            String change = run + "-" + client + "-" + call;
            people.get(client).open(change, system(client, call));
            people.get(client).signAndMerge(change);
        });
    }

    /** Where the time of one client goes, request by request. */
    private void steps(BenchServer server, int files) throws InterruptedException, ExecutionException {
        List<Long> opens = new ArrayList<>();
        List<Long> statements = new ArrayList<>();
        List<Long> votes = new ArrayList<>();
        List<Long> merges = new ArrayList<>();
        ReviewClient people = new ReviewClient(server);
        Timings all = Timings.of(1, seconds / 2, (client, call) -> {
            String change = "steps-" + call;
            timed(opens, () -> people.open(change, system(client, call)));
            for (String person : ShopFolder.APPROVERS) {
                byte[][] statement = new byte[1][];
                timed(statements, () -> statement[0] = people.statement(change, person));
                timed(votes, () -> people.vote(change, person, statement[0]));
            }
            timed(merges, () -> people.merge(change));
        });
        String within = " of it, " + files + " files, 1 client";
        rows.accept(Row.of("— the opening" + within, Timings.of(opens, all.seconds(), 0), Row.Budget.NONE));
        rows.accept(Row.of("— a statement" + within, Timings.of(statements, all.seconds(), 0), Row.Budget.NONE));
        rows.accept(Row.of("— a vote" + within, Timings.of(votes, all.seconds(), 0), Row.Budget.NONE));
        rows.accept(Row.of("— the merge" + within, Timings.of(merges, all.seconds(), 0), Row.Budget.NONE));
    }

    private static void timed(List<Long> nanos, Runnable step) {
        long start = System.nanoTime();
        step.run();
        nanos.add(System.nanoTime() - start);
    }

    /** The push, both votes and the merge count; the client's own commit does not. */
    private Timings push(BenchServer server, List<GitClient> clones, String run)
            throws InterruptedException, ExecutionException {
        List<ReviewClient> people = people(server, clones.size());
        List<Long> nanos = java.util.Collections.synchronizedList(new ArrayList<>());
        Timings all = Timings.of(clones.size(), seconds, (client, call) -> {
            String change = run + "-" + client + "-" + call;
            GitClient clone = clones.get(client);
            clone.commit(change, system(client, call));
            timed(nanos, () -> {
                clone.push(change);
                people.get(client).signAndMerge(change);
            });
        });
        return Timings.of(List.copyOf(nanos), all.seconds(), 0);
    }

    private static List<ReviewClient> people(BenchServer server, int clients) {
        return IntStream.range(0, clients)
                .mapToObj(client -> new ReviewClient(server))
                .toList();
    }

    private static int system(int client, int call) {
        return client * SYSTEMS_A_CLIENT + call % SYSTEMS_A_CLIENT;
    }

    /** What is measured on one server. */
    @FunctionalInterface
    private interface Measure {
        void on(BenchServer server, Path folder) throws Exception;
    }

    private static void over(int files, Measure measure) throws Exception {
        Path folder = BenchFolder.create("changes");
        try {
            found(folder, files);
            try (BenchServer server = BenchServer.start(folder.resolve("data"), ShopFolder.PEOPLE)) {
                measure.on(server, folder);
            }
        } finally {
            BenchFolder.delete(folder);
        }
    }

    /** A data folder below a folder. */
    static void found(Path folder, int files) throws IOException {
        Path content = Files.createDirectories(folder.resolve("content"));
        ShopFolder.write(content, files);
        BenchServer.found(folder.resolve("data"), content, ShopFolder.keys());
    }
}
