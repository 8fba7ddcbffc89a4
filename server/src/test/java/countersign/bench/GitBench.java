package countersign.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import countersign.git.GitRepository;
import countersign.git.transport.SmartTransport;
import countersign.git.transport.TransportServer;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Repository.RefMove;
import countersign.repository.push.Push;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Clone, fetch and push by the stock client, from our transport and from {@code git http-backend}, in turns, over two
 * repositories with the same objects. Starting the client counts in both. Our pushes are durable, git's are not.
 */
final class GitBench {
    private static final int FILES = 10_000;
    private static final int FILES_A_FOLDER = 100;
    private static final int COMMITS = 1_000;
    private static final double MOST_TIMES = 1.25;

    private final Path folder;
    private int commits;

    private GitBench(Path folder) {
        this.folder = folder;
    }

    /** One of the two servers. */
    private record Side(String url, Path writer, Path reader, Steps steps) {}

    /** How long each step took, in nanoseconds. */
    private record Steps(List<Long> clones, List<Long> pushes, List<Long> fetches) {
        Steps() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    static List<Row> rows(int rounds) throws Exception {
        Path folder = BenchFolder.create("git");
        try {
            return new GitBench(folder).measure(rounds);
        } finally {
            BenchFolder.delete(folder);
        }
    }

    private List<Row> measure(int rounds) throws Exception {
        Path own = folder.resolve("own.git");
        fill(own);
        GitProcess.run(folder, "clone", "-q", "--mirror", "--no-local", own.toString(), "backend.git");
        GitProcess.run(folder.resolve("backend.git"), "config", "http.receivepack", "true");
        try (GitRepository repository = GitRepository.open(own);
                TransportServer ours = new TransportServer(new SmartTransport(repository), new Everything());
                HttpBackend backend = new HttpBackend(folder)) {
            repository.startPacking();
            Side us = side("own", ours.url());
            Side git = side("backend", backend.url("backend.git"));
            round(us, git, Math.max(3, rounds / 4));
            us = new Side(us.url, us.writer, us.reader, new Steps());
            git = new Side(git.url, git.writer, git.reader, new Steps());
            round(us, git, rounds);
            return rows(us.steps, git.steps);
        }
    }

    private static List<Row> rows(Steps ours, Steps backend) {
        String size = ", %,d files, %,d commits".formatted(FILES, COMMITS);
        List<Row> rows = new ArrayList<>();
        rows.addAll(compared("git clone --bare" + size, ours.clones, backend.clones, Double.POSITIVE_INFINITY));
        rows.addAll(compared("git push of one commit" + size, ours.pushes, backend.pushes, 45));
        rows.addAll(compared("git fetch of one commit" + size, ours.fetches, backend.fetches, 40));
        return rows;
    }

    private static List<Row> compared(String what, List<Long> ours, List<Long> backend, double most) {
        Timings us = Timings.of(ours, seconds(ours), 0);
        Timings git = Timings.of(backend, seconds(backend), 0);
        double times = us.millis(0.5) / git.millis(0.5);
        return List.of(
                Row.of(what, us, new Row.Budget(0, most, Double.POSITIVE_INFINITY)),
                Row.of("— the same from git http-backend", git, Row.Budget.NONE),
                Row.times("— ours to git's, by p50", times, MOST_TIMES));
    }

    private static double seconds(List<Long> nanos) {
        return nanos.stream().mapToLong(Long::longValue).sum() / 1e9;
    }

    private Side side(String name, String url) throws IOException, InterruptedException {
        Path writer = folder.resolve(name + "-writer");
        Path reader = folder.resolve(name + "-reader");
        for (Path clone : List.of(writer, reader)) {
            GitProcess.run(folder, "clone", "-q", "--bare", url, clone.toString());
            GitProcess.run(clone, "config", "gc.auto", "0");
            GitProcess.run(clone, "config", "user.name", "Bench");
            GitProcess.run(clone, "config", "user.email", "bench@example.org");
        }
        return new Side(url, writer, reader, new Steps());
    }

    private void round(Side us, Side git, int rounds) throws IOException, InterruptedException {
        for (int i = 0; i < rounds; i++) {
            for (Side side : i % 2 == 0 ? List.of(us, git) : List.of(git, us)) {
                String commit = commit(side.writer);
                side.steps.pushes.add(timed(side.writer, "push", "-q", side.url, commit + ":refs/heads/main"));
                side.steps.fetches.add(timed(side.reader, "fetch", "-q", side.url, "main:main"));
                if (i % 4 == 0) {
                    Path clone = Files.createTempDirectory(folder, "clone-");
                    side.steps.clones.add(timed(clone, "clone", "-q", "--bare", side.url, "clone.git"));
                    BenchFolder.delete(clone);
                }
            }
        }
    }

    /** One file changed on top of the writer's main, without a worktree. */
    private String commit(Path writer) throws IOException, InterruptedException {
        String path = path(commits * 7919 % FILES);
        Path text = Files.writeString(folder.resolve("text"), "edit " + commits++ + "\n");
        String blob =
                GitProcess.run(writer, "hash-object", "-w", text.toString()).strip();
        GitProcess.run(writer, "read-tree", "main");
        GitProcess.run(writer, "update-index", "--cacheinfo", "100644," + blob + "," + path);
        String tree = GitProcess.run(writer, "write-tree").strip();
        String commit = GitProcess.run(writer, "commit-tree", tree, "-p", "main", "-m", "Edit")
                .strip();
        GitProcess.run(writer, "update-ref", "refs/heads/main", commit);
        return commit;
    }

    private static long timed(Path folder, String... arguments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        GitProcess.run(folder, arguments);
        return System.nanoTime() - start;
    }

    private static void fill(Path own) {
        try (GitRepository repository = GitRepository.create(own)) {
            Map<String, Edit> edits = new HashMap<>();
            for (int file = 0; file < FILES; file++) {
                edits.put(path(file), write("file " + file + "\n"));
            }
            String tip = repository.commit(draft(repository.edit(null, edits), List.of()));
            for (int i = 1; i < COMMITS; i++) {
                String tree = repository.edit(
                        repository.getCommit(tip).treeId(), Map.of(path(i * 31 % FILES), write("commit " + i + "\n")));
                tip = repository.commit(draft(tree, List.of(tip)));
            }
            repository.moveRefs(List.of(new RefMove(Repository.MAIN, null, tip)));
            repository.pack();
        }
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

    /** Takes every push. */
    private static final class Everything implements PushPolicy {
        @Override
        public Verdict judge(Push push) {
            push.newFiles();
            return Verdict.accept();
        }

        @Override
        public void accepted(Push push) {
            // nothing to project
        }
    }
}
