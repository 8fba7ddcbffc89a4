package countersign.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import countersign.git.GitRepository;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Repository.RefMove;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Durable commits of one file: rate, p50 and p99, by one client and by eight, on repositories of several sizes. The
 * commits follow each other on one branch; when a call returns, commit and branch survive a power cut.
 */
public final class CommitBench {
    private static final List<Integer> FILES = List.of(1_000, 10_000);
    private static final List<Integer> CLIENTS = List.of(1, 8);
    private static final int FILES_A_FOLDER = 100;

    private final PrintStream out;
    private final double seconds;

    private CommitBench(PrintStream out, double seconds) {
        this.out = out;
        this.seconds = seconds;
    }

    /** Takes the seconds for each row (3 if not given) and the folder for its repositories (a temporary one). */
    public static void main(String[] arguments) throws Exception {
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 3;
        Path folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("commit-bench");
        new CommitBench(System.out, seconds).run(folder);
    }

    private void run(Path folder) throws Exception {
        measure(folder.resolve("warm"), 1_000, 4);
        out.println("durable commits of one file    rate/s    p50 ms    p99 ms");
        for (int files : FILES) {
            for (int clients : CLIENTS) {
                long[] nanos = measure(folder.resolve(files + "-" + clients), files, clients);
                out.printf(
                        "%6d files %2d clients        %7.0f   %7.2f   %7.2f%n",
                        files, clients, nanos.length / seconds, at(nanos, 0.50), at(nanos, 0.99));
            }
        }
    }

    private long[] measure(Path folder, int files, int clients) throws Exception {
        try (GitRepository repository = GitRepository.create(folder)) {
            fill(repository, files);
            repository.startPacking();
            return commits(repository, files, clients);
        } finally {
            delete(folder);
        }
    }

    private long[] commits(Repository repository, int files, int clients)
            throws InterruptedException, ExecutionException {
        Object committer = new Object();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<List<Long>>> running = IntStream.range(0, clients)
                    .mapToObj(client -> threads.submit(() -> {
                        List<Long> nanos = new ArrayList<>();
                        for (int i = client; System.nanoTime() < end; i += clients) {
                            long start = System.nanoTime();
                            synchronized (committer) {
                                commitOne(repository, path(i * 7919 % files), "client " + client + " " + i);
                            }
                            repository.force();
                            nanos.add(System.nanoTime() - start);
                        }
                        return nanos;
                    }))
                    .toList();
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> client : running) {
                all.addAll(client.get());
            }
            return all.stream().mapToLong(Long::longValue).sorted().toArray();
        } finally {
            threads.shutdown();
        }
    }

    private static void commitOne(Repository repository, String path, String text) {
        String main = repository.findRef(Repository.MAIN).orElseThrow();
        String tree = repository.edit(repository.getCommit(main).treeId(), Map.of(path, write(text)));
        String next = repository.commit(draft(tree, List.of(main)));
        if (!repository.moveRefs(List.of(new RefMove(Repository.MAIN, main, next)))) {
            throw new IllegalStateException("main was moved by somebody else");
        }
    }

    private static void fill(GitRepository repository, int files) {
        Map<String, Edit> edits = new LinkedHashMap<>();
        IntStream.range(0, files).forEach(i -> edits.put(path(i), write("file " + i + "\n")));
        String first = repository.commit(draft(repository.edit(null, edits), List.of()));
        repository.moveRefs(List.of(new RefMove(Repository.MAIN, null, first)));
        repository.pack();
    }

    private static String path(int file) {
        return "systems/s%03d/f%03d.yaml".formatted(file / FILES_A_FOLDER, file % FILES_A_FOLDER);
    }

    private static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(UTF_8));
    }

    private static CommitDraft draft(String tree, List<String> parents) {
        Commit.Identity bench = new Commit.Identity("Bench", "bench@example.org", Instant.EPOCH.plusSeconds(1));
        return new CommitDraft(tree, parents, bench, bench, "Change one file\n");
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
