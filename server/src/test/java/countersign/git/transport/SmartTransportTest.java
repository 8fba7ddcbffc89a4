package countersign.git.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.git.Git;
import countersign.git.GitRepository;
import countersign.repository.Commit;
import countersign.repository.Repository;
import countersign.repository.Repository.RefMove;
import countersign.repository.push.Push;
import countersign.repository.push.PushPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmartTransportTest {
    private static final String SECRET = "password: hunter2-not-in-history\n";

    @TempDir
    private Path folder;

    private final Recording recording = new Recording();
    private GitRepository store;
    private TransportServer server;
    private Git work;

    @BeforeEach
    void start() throws Exception {
        store = GitRepository.create(folder.resolve("store.git"));
        server = new TransportServer(new SmartTransport(store), recording);
        new Git(folder).run("init", "-q", "-b", "main", "work");
        work = new Git(folder.resolve("work"));
        work.run("remote", "add", "origin", server.url());
        commit("README.md", "hello\n");
        work.run("push", "-q", "origin", "main");
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    @Test
    void a_clone_has_what_was_pushed_in_both_protocols() throws Exception {
        commit("systems/shop/app.yaml", "a: 1\n");
        work.run("push", "-q", "origin", "main");

        for (String version : List.of("0", "2")) {
            new Git(folder).run("-c", "protocol.version=" + version, "clone", "-q", server.url(), "clone" + version);
            Git clone = new Git(folder.resolve("clone" + version));
            assertThat(clone.run("rev-parse", "HEAD")).isEqualTo(work.run("rev-parse", "HEAD"));
            assertThat(clone.run("symbolic-ref", "HEAD")).isEqualTo("refs/heads/main");
            assertThat(clone.run("fsck", "--strict")).isEmpty();
        }
    }

    @Test
    void shallow_and_partial_clones_work_and_can_fetch_later_what_they_left_out() throws Exception {
        commit("a", "1\n");
        commit("a", "2\n");
        work.run("push", "-q", "origin", "main");

        new Git(folder).run("clone", "-q", "--depth=1", server.url(), "shallow");
        new Git(folder).run("clone", "-q", "--filter=blob:none", "--no-checkout", server.url(), "partial");

        Git shallow = new Git(folder.resolve("shallow"));
        assertThat(shallow.run("rev-list", "--count", "HEAD")).isEqualTo("1");
        shallow.run("fetch", "-q", "--unshallow");
        assertThat(shallow.run("rev-list", "--count", "HEAD")).isEqualTo("3");
        assertThat(new Git(folder.resolve("partial")).run("show", "HEAD~1:a")).isEqualTo("1");
    }

    @Test
    void a_clone_after_packing_with_bitmaps_is_whole() throws Exception {
        for (int i = 0; i < 8; i++) {
            commit("f" + i, "v" + i);
            work.run("push", "-q", "origin", "main");
            store.pack();
        }

        new Git(folder).run("clone", "-q", server.url(), "clone");

        Git clone = new Git(folder.resolve("clone"));
        assertThat(clone.run("rev-list", "--count", "HEAD")).isEqualTo("9");
        assertThat(clone.run("fsck", "--strict")).isEmpty();
    }

    @Test
    void meta_refs_are_never_shown_and_what_only_they_reach_cannot_be_fetched() throws Exception {
        String main = store.findRef(Repository.MAIN).orElseThrow();
        Commit commit = store.getCommit(main);
        String hidden = store.commit(new countersign.repository.CommitDraft(
                commit.treeId(), List.of(main), commit.author(), commit.committer(), "hidden\n"));
        store.moveRefs(List.of(new RefMove("refs/countersign/open/a", null, hidden)));

        assertThat(work.run("ls-remote", "origin")).doesNotContain("refs/countersign");
        Git.Result fetch = work.attempt("fetch", "-q", "origin", hidden);

        assertThat(fetch.exit()).isNotZero();
        assertThat(fetch.error()).contains(hidden + " not valid").doesNotContain("internal");
    }

    @Test
    void a_policy_that_takes_nothing_says_why_although_main_was_moved_away_by_hand() throws Exception {
        commit("a", "1\n");
        work.run("push", "-q", "origin", "main");
        String main = work.run("rev-parse", "HEAD");
        Git disk = storeGit();
        disk.run("update-ref", Repository.MAIN, main + "~1");
        server.policy(new Closed());
        commit("b", "2\n");

        Git.Result refused = work.attempt("push", "origin", "HEAD:refs/heads/topic");
        disk.run("update-ref", Repository.MAIN, main);
        server.policy(new Recording());
        work.run("push", "-q", "origin", "HEAD:refs/heads/topic");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.error()).contains("main was moved [read-only]");
        assertThat(disk.run("rev-parse", "topic~1")).isEqualTo(main);
    }

    @Test
    void a_policy_sees_new_commits_files_modes_and_options_and_speaks_to_the_pusher() throws Exception {
        work.run("checkout", "-q", "-b", "topic");
        commit("a/run.sh", "#!/bin/sh\n");
        Files.createSymbolicLink(folder.resolve("work/link"), Path.of("README.md"));
        work.run("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",module");
        work.run("add", "link");
        work.run("commit", "-q", "-m", "odd modes");

        Git.Result push = work.attempt("push", "-o", "title=x", "origin", "topic:change/odd");

        assertThat(push.exit()).isZero();
        assertThat(push.error()).contains("remote: change 7 is at http://example.org/7");
        Seen seen = recording.last();
        assertThat(seen.pusher).isEqualTo("ann");
        assertThat(seen.options).containsExactly("title=x");
        assertThat(seen.updates)
                .containsExactly(new Push.Update(
                        "refs/heads/change/odd", null, work.run("rev-parse", "topic"), Push.Kind.CREATE));
        assertThat(seen.commits).containsExactly(work.run("rev-parse", "topic"), work.run("rev-parse", "topic~1"));
        assertThat(seen.files).containsExactly("120000 link 9", "160000 module 0", "100644 a/run.sh 10");
        assertThat(store.findRef("refs/heads/change/odd")).contains(work.run("rev-parse", "topic"));
        assertThat(storeGit().run("fsck", "--strict", "--full")).isEmpty();
    }

    @Test
    void forced_deleted_and_forwarded_branches_are_told_apart() throws Exception {
        work.run("checkout", "-q", "-b", "topic");
        commit("a", "1\n");
        work.run("push", "-q", "origin", "topic:change/a");
        commit("a", "2\n");
        work.run("push", "-q", "origin", "topic:change/a");
        assertThat(recording.last().updates.get(0).kind()).isEqualTo(Push.Kind.FAST_FORWARD);
        assertThat(recording.last().commits).hasSize(1);

        work.run("reset", "-q", "--hard", "HEAD~2");
        commit("a", "3\n");
        assertThat(work.attempt("push", "-q", "origin", "topic:change/a").exit())
                .isNotZero();
        work.run("push", "-q", "--force", "origin", "topic:change/a");
        assertThat(recording.last().updates.get(0).kind()).isEqualTo(Push.Kind.FORCE);
        assertThat(store.findRef("refs/heads/change/a")).contains(work.run("rev-parse", "HEAD"));

        work.run("push", "-q", "origin", ":change/a");
        assertThat(recording.last().updates.get(0).kind()).isEqualTo(Push.Kind.DELETE);
        assertThat(store.findRef("refs/heads/change/a")).isEmpty();
    }

    @Test
    void a_push_to_main_is_refused_by_name_at_the_terminal() throws Exception {
        server.policy(refusing("refs/heads/main", "main is protected: open a change"));
        commit("a", "1\n");

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
        commit("config/db.yaml", SECRET);
        commit("config/db.yaml", "password: removed in the next commit\n");

        Git.Result push = work.attempt("push", "origin", "topic:change/leak", "topic~2:refs/heads/change/innocent");

        assertThat(push.error()).contains("(it holds a secret)").contains("(the push is refused whole)");
        String blob = work.run("rev-parse", "topic~1:config/db.yaml");
        assertThat(storeGit().attempt("cat-file", "-e", blob).exit()).isNotZero();
        assertThat(storeGit()
                        .attempt("cat-file", "-e", work.run("rev-parse", "topic"))
                        .exit())
                .isNotZero();
        assertThat(store.listRefs("refs/").keySet()).containsExactly("refs/heads/main");
        Awaitility.await("the quarantine is deleted").until(() -> incoming().isEmpty());
        assertThat(filesContaining("hunter2")).isEmpty();
    }

    @Test
    void a_policy_that_fails_refuses_and_keeps_nothing() throws Exception {
        server.policy(new Recording() {
            @Override
            public Verdict judge(Push push) {
                throw new Refusal(List.of(
                        Finding.error("duplicate-key", "the key a stands twice", Place.file("a.yaml")),
                        Finding.error("unknown-field", "no \u001b[31mfield\u202e b", Place.file("a.yaml"))));
            }
        });
        commit("a.yaml", SECRET);

        Git.Result push = work.attempt("push", "origin", "main:change/x");

        assertThat(push.error())
                .contains("(the key a stands twice [duplicate-key])")
                .contains("remote: a.yaml: no \\u{1b}[31mfield\\u{202e} b [unknown-field]");
        assertThat(storeGit()
                        .attempt("cat-file", "-e", work.run("rev-parse", "HEAD:a.yaml"))
                        .exit())
                .isNotZero();
    }

    @Test
    void what_a_policy_writes_to_the_view_vanishes_and_what_it_reads_is_there() throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        server.policy(new Recording() {
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
        commit("a", "text");

        work.run("push", "-q", "origin", "topic:change/a");

        String tip = work.run("rev-parse", "HEAD");
        assertThat(seen).hasSize(4).startsWith("text", work.run("rev-parse", "main"));
        assertThat(storeGit().attempt("cat-file", "-e", seen.get(2)).exit()).isNotZero();
        assertThat(seen.get(3)).isEqualTo(store.snapshot(tip).contentRoot().hex());
    }

    @Test
    void moves_that_the_policy_adds_are_made_together_with_the_push() throws Exception {
        server.policy(new Recording() {
            @Override
            public List<RefMove> moves(Push push) {
                List<RefMove> moves = new ArrayList<>(super.moves(push));
                moves.add(new RefMove(
                        "refs/countersign/open/a", null, push.updates().get(0).after()));
                return moves;
            }
        });
        commit("a", "1\n");

        work.run("push", "-q", "origin", "main:change/a");

        assertThat(store.listRefs("refs/countersign/"))
                .containsEntry("refs/countersign/open/a", work.run("rev-parse", "HEAD"));
    }

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

        assertThat(storeGit().run("fsck", "--strict", "--full")).isEmpty();
        new Git(folder).run("clone", "-q", "-b", "change/big", server.url(), "clone");
        assertThat(Files.mismatch(folder.resolve("work/big3"), folder.resolve("clone/big3")))
                .isEqualTo(-1);
        Awaitility.await("the quarantine is deleted").until(() -> incoming().isEmpty());
    }

    @Test
    void a_file_above_sixteen_megabytes_is_refused() throws Exception {
        Files.write(folder.resolve("work/huge"), new byte[(16 << 20) + 1]);
        work.run("add", ".");
        work.run("commit", "-q", "-m", "huge");

        Git.Result push = work.attempt("push", "-q", "origin", "main:change/huge");

        assertThat(push.exit()).isNotZero();
        assertThat(push.error()).containsIgnoringCase("too large");
        assertThat(storeGit()
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
        assertThat(storeGit().attempt("cat-file", "-e", id).exit()).isNotZero();
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
        assertThat(storeGit().run("rev-list", "--count", base + "..main")).isEqualTo("1");
        assertThat(store.listRefs("refs/heads/change/")).hasSize(4);
        assertThat(IntStream.range(0, 4).filter(i -> results.get(i).error().contains("rejected")))
                .hasSize(3);
        assertThat(storeGit().run("fsck", "--strict", "--full")).isEmpty();
    }

    private void commit(String path, String text) throws IOException, InterruptedException {
        Path file = folder.resolve("work").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        work.run("add", path);
        work.run("commit", "-q", "-m", "change " + path);
    }

    private Git storeGit() {
        return new Git(folder.resolve("store.git"));
    }

    private List<Path> incoming() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("store.git/countersign/incoming"))) {
            return files.toList();
        }
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
        return new Recording() {
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

    /** Accepts everything and remembers the last push. */
    private static class Recording implements PushPolicy {
        private volatile Seen last;

        @Override
        public Verdict judge(Push push) {
            last = new Seen(
                    push.pusher(),
                    push.options(),
                    push.updates(),
                    push.newCommits().stream().map(Commit::id).toList(),
                    push.newFiles().stream()
                            .map(file -> file.entry().rawMode() + " " + file.path() + " " + file.size())
                            .toList());
            return Verdict.accept();
        }

        @Override
        public void accepted(Push push) {
            push.say("change 7 is at http://example.org/7");
        }

        Seen last() {
            return last;
        }
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

    private record Seen(
            String pusher, List<String> options, List<Push.Update> updates, List<String> commits, List<String> files) {}
}
