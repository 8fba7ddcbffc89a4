package countersign.git.transport;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.git.Git;
import countersign.git.GitRepository;
import countersign.repository.Commit;
import countersign.repository.Repository;
import countersign.repository.Repository.RefMove;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What stock Git gets when it clones and fetches. */
final class FetchTest {
    @AutoClose
    private final TransportScene scene = TransportScene.open();

    private final Path folder = scene.folder;
    private final GitRepository store = scene.store;
    private final TransportServer server = scene.server;
    private final Git work = scene.work;

    @Test
    void a_clone_has_what_was_pushed_in_both_protocols() throws Exception {
        scene.commit("systems/shop/app.yaml", "a: 1\n");
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
        scene.commit("a", "1\n");
        scene.commit("a", "2\n");
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
            scene.commit("f" + i, "v" + i);
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
}
