package countersign.bench;

import countersign.BenchServer;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Full reviewed changes: opened, checked, signed by two, merged. Every one goes through the real server over HTTP on the
 * loopback, with H2 and a bare repository on disk. Each client changes systems of its own.
 */
final class ReviewedChangeBench {
    private static final int SYSTEMS_A_CLIENT = 100;

    /** Rounds of warming up, and the share of the time for which the compiler may still be at work after them. */
    private static final int MAX_WARM_UP = 25;

    private static final double COMPILED = 0.1;

    private final double seconds;
    private final List<Row> rows = new ArrayList<>();

    ReviewedChangeBench(double seconds) {
        this.seconds = seconds;
    }

    /** Opened by the API. */
    List<Row> byApi(int files) throws Exception {
        over(files, (server, folder) -> {
            rows.add(Row.of(
                    "reviewed change by API, " + files + " files, 1 client, of a server that has just started",
                    api(server, "cold", 1, seconds),
                    Row.Budget.NONE));
            warmUp(server);
            rows.add(Row.of(
                    "reviewed change by API, " + files + " files, 1 client",
                    api(server, "one", 1, seconds),
                    new Row.Budget(120, 8, Double.POSITIVE_INFINITY)));
            rows.add(Row.of(
                    "reviewed change by API, " + files + " files, 8 clients",
                    api(server, "eight", 8, seconds),
                    new Row.Budget(250, Double.POSITIVE_INFINITY, 80)));
            steps(server, files);
        });
        return rows;
    }

    /** Opened by git push, on the smallest of the sizes. */
    List<Row> byPush(int files) throws Exception {
        over(files, (server, folder) -> {
            List<GitClient> clones = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                clones.add(GitClient.clone(server.cloneUrl(ShopFolder.AUTHOR), folder.resolve("clone-" + client)));
            }
            push(server, clones.subList(0, 1), "warm");
            rows.add(Row.of(
                    "reviewed change by git push, " + files + " files, 1 client",
                    push(server, clones.subList(0, 1), "one"),
                    Row.Budget.NONE));
            rows.add(Row.of(
                    "reviewed change by git push, " + files + " files, 8 clients",
                    push(server, clones, "eight"),
                    Row.Budget.NONE));
        });
        return rows;
    }

    /**
     * A server that serves for days is measured, not its first minutes, when compiling takes more than half of all time:
     * 5,000 methods in 110 seconds of processor time.
     */
    private void warmUp(BenchServer server) throws InterruptedException, ExecutionException {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        double share = 1;
        for (int round = 0; round < MAX_WARM_UP && share > COMPILED; round++) {
            long before = compiler.getTotalCompilationTime();
            Timings timings = api(server, "warm" + round, 2, seconds);
            share = (compiler.getTotalCompilationTime() - before) / 1e3 / timings.seconds();
        }
    }

    private Timings api(BenchServer server, String run, int clients, double time)
            throws InterruptedException, ExecutionException {
        List<ReviewClient> people = people(server, clients);
        return Timings.of(clients, time, (client, call) -> {
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
        rows.add(Row.of("— the opening" + within, Timings.of(opens, all.seconds(), 0), Row.Budget.NONE));
        rows.add(Row.of("— a statement" + within, Timings.of(statements, all.seconds(), 0), Row.Budget.NONE));
        rows.add(Row.of("— a vote" + within, Timings.of(votes, all.seconds(), 0), Row.Budget.NONE));
        rows.add(Row.of("— the merge" + within, Timings.of(merges, all.seconds(), 0), Row.Budget.NONE));
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
