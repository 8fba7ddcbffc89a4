package countersign.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import countersign.git.GitRepository;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Repository.RefMove;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Durable commits of one file: rate, p50 and p99, by one client and by eight, on repositories of several sizes. The
 * commits follow each other on one branch; when a call returns, commit and branch survive a power cut.
 */
final class CommitBench {
    private static final List<Integer> FILES = List.of(1_000, 10_000);
    private static final int FILES_A_FOLDER = 100;

    /** No edit may touch more than twice as many. */
    private static final int FILES_AN_EDIT = 10_000;

    private static final int COMMITS_A_PACK = 20_000;

    private CommitBench() {}

    /** Takes the seconds for each row, after as many seconds of warming up. */
    static void run(double seconds, Consumer<Row> rows) throws Exception {
        Path folder = BenchFolder.create("commits");
        try {
            measure(folder.resolve("warm"), 1_000, 4, seconds);
            for (int files : FILES) {
                rows.accept(Row.of(
                        "durable commit of one file, " + files + " files, 1 client",
                        measure(folder.resolve(files + "-1"), files, 1, seconds),
                        Row.Budget.rate(350)));
                rows.accept(Row.of(
                        "durable commit of one file, " + files + " files, 8 clients",
                        measure(folder.resolve(files + "-8"), files, 8, seconds),
                        new Row.Budget(600, Double.POSITIVE_INFINITY, 35)));
            }
        } finally {
            BenchFolder.delete(folder);
        }
    }

    /** How much there is already. */
    record Size(int files, int commits) {}

    static Timings measure(Path folder, int files, int clients, double seconds) throws Exception {
        try (Prepared prepared = prepare(folder, new Size(files, 0), clients, seconds)) {
            return prepared.measure();
        }
    }

    /** A repository of that size, to which these clients commit for some seconds. */
    static Prepared prepare(Path folder, Size size, int clients, double seconds) {
        int files = size.files();
        GitRepository repository = GitRepository.create(folder);
        fill(repository, files);
        for (int commit = 0; commit < size.commits(); commit++) {
            commitOne(repository, path(commit % files), "before " + commit);
            packNow(repository, commit);
        }
        repository.startPacking();
        return new Prepared() {
            private final Object committer = new Object();
            private int round;

            @Override
            public Timings measure() throws Exception {
                String now = "round " + round++;
                return Timings.of(clients, seconds, (client, call) -> {
                    int file = (client + call * clients) * 7919 % files;
                    synchronized (committer) {
                        commitOne(repository, path(Math.floorMod(file, files)), now + " " + client + " " + call);
                    }
                    repository.force();
                });
            }

            @Override
            public void close() {
                repository.close();
            }
        };
    }

    private static void commitOne(Repository repository, String path, String text) {
        String main = repository.findRef(Repository.MAIN).orElseThrow();
        String tree = repository.edit(repository.getCommit(main).treeId(), Map.of(path, write(text)));
        String next = repository.commit(draft(tree, List.of(main)));
        if (!repository.moveRefs(List.of(new RefMove(Repository.MAIN, main, next)))) {
            throw new IllegalStateException("main was moved by somebody else");
        }
    }

    /** As the server does in the background. */
    private static void packNow(GitRepository repository, int commit) {
        if (commit % COMMITS_A_PACK == COMMITS_A_PACK - 1) {
            repository.force();
            repository.pack();
        }
    }

    private static void fill(GitRepository repository, int files) {
        String tree = null;
        for (int from = 0; from < files; from += FILES_AN_EDIT) {
            Map<String, Edit> edits = new LinkedHashMap<>();
            IntStream.range(from, Math.min(files, from + FILES_AN_EDIT))
                    .forEach(i -> edits.put(path(i), write("file " + i + "\n")));
            tree = repository.edit(tree, edits);
        }
        String first = repository.commit(draft(Objects.requireNonNull(tree), List.of()));
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
}
