package countersign.git.transport;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.git.Git;
import countersign.git.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What stock Git may push, and what becomes of it. */
final class PushTest {
    @AutoClose
    private final TransportScene scene = TransportScene.open();

    private final Path folder = scene.folder;
    private final GitRepository store = scene.store;
    private final TransportServer server = scene.server;
    private final Git work = scene.work;

    @Test
    void refs_outside_branches_and_tags_and_tags_that_are_no_commits_are_refused() throws Exception {
        work.run("tag", "-a", "v1", "-m", "annotated");
        work.run("tag", "blob", work.run("rev-parse", "HEAD:README.md"));
        work.run("tag", "plain");

        assertThat(work.attempt("push", "origin", "main:refs/countersign/open/x")
                        .error())
                .contains("forbidden-ref");
        assertThat(work.attempt("push", "origin", "v1").error()).contains("not-a-commit");
        assertThat(work.attempt("push", "origin", "blob").error()).contains("rejected");
        work.run("push", "-q", "origin", "plain");

        assertThat(store.listRefs("refs/").keySet()).containsExactly("refs/heads/main", "refs/tags/plain");
    }

    @Test
    void twenty_megabytes_arrive_as_one_pack() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 5; i++) {
            byte[] bytes = new byte[4 << 20];
            random.nextBytes(bytes);
            Files.write(folder.resolve("work/big" + i), bytes);
        }
        work.run("add", ".");
        work.run("commit", "-q", "-m", "big");

        work.run("push", "-q", "origin", "main:change/big");

        assertThat(scene.storeGit().run("fsck", "--strict", "--full")).isEmpty();
        new Git(folder).run("clone", "-q", "-b", "change/big", server.url(), "clone");
        assertThat(Files.mismatch(folder.resolve("work/big3"), folder.resolve("clone/big3")))
                .isEqualTo(-1);
        Awaitility.await("the quarantine is deleted")
                .atMost(Duration.ofSeconds(60))
                .until(() -> scene.incoming().isEmpty());
    }

    @Test
    void a_file_above_sixteen_megabytes_is_refused() throws Exception {
        Files.write(folder.resolve("work/huge"), new byte[(16 << 20) + 1]);
        work.run("add", ".");
        work.run("commit", "-q", "-m", "huge");

        Git.Result push = work.attempt("push", "-q", "origin", "main:change/huge");

        assertThat(push.exit()).isNotZero();
        assertThat(push.error()).containsIgnoringCase("too large");
        assertThat(scene.storeGit()
                        .attempt("cat-file", "-e", work.run("rev-parse", "HEAD"))
                        .exit())
                .isNotZero();
    }

    @Test
    void malformed_objects_are_refused() throws Exception {
        Path raw = folder.resolve("raw");
        Files.writeString(raw, "tree " + work.run("rev-parse", "HEAD^{tree}") + "\nauthor nobody\n\nbroken\n");
        String id = work.run("hash-object", "-t", "commit", "-w", "--literally", raw.toString());

        Git.Result push = work.attempt("push", "origin", id + ":refs/heads/change/broken");

        assertThat(push.exit()).isNotZero();
        assertThat(store.listRefs("refs/heads/").keySet()).containsExactly("refs/heads/main");
        assertThat(scene.storeGit().attempt("cat-file", "-e", id).exit()).isNotZero();
    }

    @Test
    void of_pushes_that_race_for_one_branch_one_wins_and_others_are_told() throws Exception {
        String base = work.run("rev-parse", "HEAD");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Git.Result>> pushes = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                new Git(folder).run("clone", "-q", server.url(), "racer" + i);
                Path racer = folder.resolve("racer" + i);
                Files.writeString(racer.resolve("f"), "racer " + i);
                new Git(racer).run("add", ".");
                new Git(racer).run("commit", "-q", "-m", "racer " + i);
            }
            for (int i = 0; i < 4; i++) {
                Git racer = new Git(folder.resolve("racer" + i));
                String own = "HEAD:refs/heads/change/own" + i;
                pushes.add(threads.submit(() -> {
                    racer.run("push", "-q", "origin", own);
                    return racer.attempt("push", "origin", "HEAD:main");
                }));
            }
        } finally {
            threads.shutdown();
        }

        List<Git.Result> results = new ArrayList<>();
        for (Future<Git.Result> push : pushes) {
            results.add(push.get());
        }
        assertThat(results.stream().filter(result -> result.exit() == 0)).hasSize(1);
        assertThat(scene.storeGit().run("rev-list", "--count", base + "..main")).isEqualTo("1");
        assertThat(store.listRefs("refs/heads/change/")).hasSize(4);
        assertThat(IntStream.range(0, 4).filter(i -> results.get(i).error().contains("rejected")))
                .hasSize(3);
        assertThat(scene.storeGit().run("fsck", "--strict", "--full")).isEmpty();
    }
}
