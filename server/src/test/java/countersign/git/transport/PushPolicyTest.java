package countersign.git.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.git.Git;
import countersign.git.GitRepository;
import countersign.repository.Repository;
import countersign.repository.Repository.RefMove;
import countersign.repository.push.Push;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a policy sees of a push, and what comes of its verdict. */
final class PushPolicyTest {
    private static final String SECRET = "password: hunter2-not-in-history\n";

    @AutoClose
    private final TransportScene scene = TransportScene.open();

    private final Path folder = scene.folder;
    private final GitRepository store = scene.store;
    private final TransportServer server = scene.server;
    private final Git work = scene.work;

    @Test
    void a_policy_that_takes_nothing_says_why_although_main_was_moved_away_by_hand() throws Exception {
        scene.commit("a", "1\n");
        work.run("push", "-q", "origin", "main");
        String main = work.run("rev-parse", "HEAD");
        Git disk = scene.storeGit();
        disk.run("update-ref", Repository.MAIN, main + "~1");
        server.policy(new Closed());
        scene.commit("b", "2\n");

        Git.Result refused = work.attempt("push", "origin", "HEAD:refs/heads/topic");
        disk.run("update-ref", Repository.MAIN, main);
        server.policy(new RecordingPolicy());
        work.run("push", "-q", "origin", "HEAD:refs/heads/topic");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.error()).contains("main was moved [read-only]");
        assertThat(disk.run("rev-parse", "topic~1")).isEqualTo(main);
    }

    @Test
    void a_policy_sees_new_commits_files_modes_and_options_and_speaks_to_the_pusher() throws Exception {
        work.run("checkout", "-q", "-b", "topic");
        scene.commit("a/run.sh", "#!/bin/sh\n");
        Files.createSymbolicLink(folder.resolve("work/link"), Path.of("README.md"));
        work.run("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",module");
        work.run("add", "link");
        work.run("commit", "-q", "-m", "odd modes");

        Git.Result push = work.attempt("push", "-o", "title=x", "origin", "topic:change/odd");

        assertThat(push.exit()).isZero();
        assertThat(push.error()).contains("remote: change 7 is at http://example.org/7");
        RecordingPolicy.Seen seen = scene.recording.last();
        assertThat(seen.pusher()).isEqualTo("ann");
        assertThat(seen.options()).containsExactly("title=x");
        assertThat(seen.updates())
                .containsExactly(new Push.Update(
                        "refs/heads/change/odd", null, work.run("rev-parse", "topic"), Push.Kind.CREATE));
        assertThat(seen.commits()).containsExactly(work.run("rev-parse", "topic"), work.run("rev-parse", "topic~1"));
        assertThat(seen.files()).containsExactly("120000 link 9", "160000 module 0", "100644 a/run.sh 10");
        assertThat(store.findRef("refs/heads/change/odd")).contains(work.run("rev-parse", "topic"));
        assertThat(scene.storeGit().run("fsck", "--strict", "--full")).isEmpty();
    }

    @Test
    void forced_deleted_and_forwarded_branches_are_told_apart() throws Exception {
        work.run("checkout", "-q", "-b", "topic");
        scene.commit("a", "1\n");
        work.run("push", "-q", "origin", "topic:change/a");
        scene.commit("a", "2\n");
        work.run("push", "-q", "origin", "topic:change/a");
        assertThat(scene.recording.last().updates().get(0).kind()).isEqualTo(Push.Kind.FAST_FORWARD);
        assertThat(scene.recording.last().commits()).hasSize(1);

        work.run("reset", "-q", "--hard", "HEAD~2");
        scene.commit("a", "3\n");
        assertThat(work.attempt("push", "-q", "origin", "topic:change/a").exit())
                .isNotZero();
        work.run("push", "-q", "--force", "origin", "topic:change/a");
        assertThat(scene.recording.last().updates().get(0).kind()).isEqualTo(Push.Kind.FORCE);
        assertThat(store.findRef("refs/heads/change/a")).contains(work.run("rev-parse", "HEAD"));

        work.run("push", "-q", "origin", ":change/a");
        assertThat(scene.recording.last().updates().get(0).kind()).isEqualTo(Push.Kind.DELETE);
        assertThat(store.findRef("refs/heads/change/a")).isEmpty();
    }

    @Test
    void a_push_to_main_is_refused_by_name_at_the_terminal() throws Exception {
        server.policy(refusing("refs/heads/main", "main is protected: open a change"));
        scene.commit("a", "1\n");

        Git.Result push = work.attempt("push", "origin", "main");

        assertThat(push.exit()).isNotZero();
        assertThat(push.error())
                .contains(" ! [remote rejected] main -> main (main is protected: open a change)")
                .contains("remote: config/db.yaml:3:9: a secret");
        assertThat(store.findRef(Repository.MAIN)).contains(work.run("rev-parse", "HEAD~1"));
    }

    @Test
    void of_a_refused_push_no_object_stays_on_the_server() throws Exception {
        server.policy(refusing("refs/heads/change/leak", "it holds a secret"));
        work.run("checkout", "-q", "-b", "topic");
        scene.commit("config/db.yaml", SECRET);
        scene.commit("config/db.yaml", "password: removed in the next commit\n");

        Git.Result push = work.attempt("push", "origin", "topic:change/leak", "topic~2:refs/heads/change/innocent");

        assertThat(push.error()).contains("(it holds a secret)").contains("(the push is refused whole)");
        String blob = work.run("rev-parse", "topic~1:config/db.yaml");
        assertThat(scene.storeGit().attempt("cat-file", "-e", blob).exit()).isNotZero();
        assertThat(scene.storeGit()
                        .attempt("cat-file", "-e", work.run("rev-parse", "topic"))
                        .exit())
                .isNotZero();
        assertThat(store.listRefs("refs/").keySet()).containsExactly("refs/heads/main");
        Awaitility.await("the quarantine is deleted")
                .atMost(Duration.ofSeconds(60))
                .until(() -> scene.incoming().isEmpty());
        assertThat(filesContaining("hunter2")).isEmpty();
    }

    @Test
    void a_policy_that_fails_refuses_and_keeps_nothing() throws Exception {
        server.policy(new RecordingPolicy() {
            @Override
            public Verdict judge(Push push) {
                throw new Refusal(List.of(
                        Finding.error("duplicate-key", "the key a stands twice", Place.file("a.yaml")),
                        Finding.error("unknown-field", "no \u001b[31mfield\u202e b", Place.file("a.yaml"))));
            }
        });
        scene.commit("a.yaml", SECRET);

        Git.Result push = work.attempt("push", "origin", "main:change/x");

        assertThat(push.error())
                .contains("(the key a stands twice [duplicate-key])")
                .contains("remote: a.yaml: no \\u{1b}[31mfield\\u{202e} b [unknown-field]");
        assertThat(scene.storeGit()
                        .attempt("cat-file", "-e", work.run("rev-parse", "HEAD:a.yaml"))
                        .exit())
                .isNotZero();
    }

    @Test
    void what_a_policy_writes_to_the_view_vanishes_and_what_it_reads_is_there() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        server.policy(new RecordingPolicy() {
            @Override
            public Verdict judge(Push push) {
                String tip = push.newCommits().get(0).id();
                seen.add(new String(push.view().snapshot(tip).read("a", 100), UTF_8));
                seen.add(push.view()
                        .mergeBase(tip, push.view().findRef(Repository.MAIN).orElseThrow())
                        .orElseThrow());
                seen.add(push.view()
                        .edit(
                                push.view().getCommit(tip).treeId(),
                                Map.of(
                                        "only/there",
                                        new countersign.repository.Edit.Write(
                                                countersign.repository.FileMode.REGULAR, new byte[] {1}))));
                seen.add(push.view().snapshot(tip).contentRoot().hex());
                return Verdict.accept();
            }
        });
        work.run("checkout", "-q", "-b", "topic");
        scene.commit("a", "text");

        work.run("push", "-q", "origin", "topic:change/a");

        String tip = work.run("rev-parse", "HEAD");
        assertThat(seen).hasSize(4).startsWith("text", work.run("rev-parse", "main"));
        assertThat(scene.storeGit().attempt("cat-file", "-e", seen.get(2)).exit())
                .isNotZero();
        assertThat(seen.get(3)).isEqualTo(store.snapshot(tip).contentRoot().hex());
    }

    @Test
    void moves_that_the_policy_adds_are_made_together_with_the_push() throws Exception {
        server.policy(new RecordingPolicy() {
            @Override
            public List<RefMove> moves(Push push) {
                List<RefMove> moves = new ArrayList<>(super.moves(push));
                moves.add(new RefMove(
                        "refs/countersign/open/a", null, push.updates().get(0).after()));
                return moves;
            }
        });
        scene.commit("a", "1\n");

        work.run("push", "-q", "origin", "main:change/a");

        assertThat(store.listRefs("refs/countersign/"))
                .containsEntry("refs/countersign/open/a", work.run("rev-parse", "HEAD"));
    }

    private List<Path> filesContaining(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store.git"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, text))
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException gone) {
            return false;
        }
    }

    private static PushPolicy refusing(String ref, String reason) {
        return new RecordingPolicy() {
            @Override
            public Verdict judge(Push push) {
                boolean concerns =
                        push.updates().stream().anyMatch(update -> update.ref().equals(ref));
                return concerns
                        ? Verdict.refuse(ref, reason, List.of("config/db.yaml:3:9: a secret"))
                        : Verdict.accept();
            }
        };
    }

    private static final class Closed implements PushPolicy {
        @Override
        public void requireOpen() {
            throw new Refusal("read-only", "main was moved");
        }

        @Override
        public Verdict judge(Push push) {
            return Verdict.accept();
        }

        @Override
        public void accepted(Push push) {}
    }
}
