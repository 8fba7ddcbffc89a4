package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.git.Git;
import countersign.repository.Edit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock git client against the server. */
final class GitOverHttpTest {
    private static final String RAISE = ShopServer.API + "/changes/raise-timeout";

    @TempDir
    private Path folder;

    private ShopServer server;
    private Git work;

    @BeforeEach
    void opens() throws Exception {
        server = ShopServer.startOnDisk(folder);
        new Git(folder).run("clone", "-q", server.cloneUrl("ann"), "work");
        work = new Git(folder.resolve("work"), "ann", "ann@shop.example");
    }

    @AfterEach
    void closes() {
        server.close();
    }

    @Test
    void a_pushed_branch_is_a_change_and_its_merge_is_fetched_signed() throws Exception {
        commitChange(60);

        Git.Result pushed = work.attempt("push", "origin", "HEAD:change/raise-timeout");

        assertThat(pushed.exit()).as(pushed.error()).isZero();
        assertThat(pushed.error()).contains("remote:");
        assertThat(server.as("ann").get(RAISE).expect(200).json()).containsEntry("state", "review");

        server.shop.approve("raise-timeout");
        server.as("ann", Scope.MERGE).post(RAISE + "/merge").expect(200);
        work.run("fetch", "-q", "origin");
        Path signers = folder.resolve("allowed_signers");
        Files.writeString(
                signers,
                server.as("bob").get(ShopServer.API + "/allowed-signers").body());
        Git.Result verified =
                work.attempt("-c", "gpg.ssh.allowedSignersFile=" + signers, "verify-commit", "origin/main");

        assertThat(work.run("show", "origin/main:" + Shop.SYSTEM)).contains("timeout: 60");
        assertThat(verified.exit()).as(verified.error()).isZero();
        assertThat(verified.error()).contains("Good \"git\" signature for server");
    }

    @Test
    void whoever_pushes_is_told_which_open_changes_are_in_the_way() throws Exception {
        server.shop.open("bob", "lower-timeout", Map.of(Shop.SYSTEM, Shop.system("production", 10)));
        commitChange(60);

        Git.Result pushed = work.attempt("push", "origin", "HEAD:change/raise-timeout");

        assertThat(pushed.exit()).as(pushed.error()).isZero();
        assertThat(pushed.error())
                .contains("in the way of 1 open change(s)")
                .contains("2026-11-21/lower-timeout by bob")
                .contains(Shop.SYSTEM + ", target web-production, at any time");
    }

    @Test
    void whoever_pushes_what_is_signed_already_is_told_how_to_merge_it() throws Exception {
        commitChange(60);
        Git.Result first = work.attempt("push", "origin", "HEAD:change/raise-timeout");
        server.shop.approve("raise-timeout");
        work.run("commit", "-q", "--allow-empty", "-m", "Say it better");

        Git.Result again = work.attempt("push", "origin", "HEAD:change/raise-timeout");

        assertThat(first.error()).contains("before it merges:").doesNotContain("ready");
        assertThat(again.error())
                .contains("ready: countersign change merge raise-timeout")
                .doesNotContain("before it merges:");
    }

    @Test
    void a_branch_is_deleted_by_who_opened_the_change_and_not_by_everybody_who_may_push() throws Exception {
        commitChange(60);
        work.run("push", "-q", "origin", "HEAD:change/raise-timeout");

        Git.Result others = work.attempt("push", server.cloneUrl("bob"), ":change/raise-timeout");
        Git.Result own = work.attempt("push", "origin", ":change/raise-timeout");

        assertThat(others.exit()).isNotZero();
        assertThat(others.error()).contains("[not-yours]").contains("opened by ann, not by bob");
        assertThat(own.exit()).as(own.error()).isZero();
        assertThat(server.as("ann").get(RAISE).expect(200).json()).containsEntry("state", "withdrawn");
    }

    @Test
    void a_push_to_main_is_refused_by_name() throws Exception {
        commitChange(60);

        Git.Result pushed = work.attempt("push", "origin", "HEAD:main");

        assertThat(pushed.exit()).isNotZero();
        assertThat(pushed.error()).contains("[remote rejected]").contains("main");
        assertThat(server.shop.changes().readOnlyReason()).isEmpty();
    }

    @Test
    void nobody_clones_without_a_token() throws Exception {
        Git.Result cloned = new Git(folder).attempt("clone", "-q", server.url() + "/git/shop.git", "stolen");

        assertThat(cloned.exit()).isNotZero();
        assertThat(folder.resolve("stolen")).doesNotExist();
    }

    @Test
    void who_may_only_read_clones_and_does_not_push() throws Exception {
        commitChange(60);

        Git.Result pushed = work.attempt("push", server.cloneUrl("ann", Scope.READ), "HEAD:change/raise-timeout");

        assertThat(pushed.exit()).isNotZero();
        assertThat(pushed.error()).contains("403");
        server.as("ann").get(RAISE).refused(404, "no-such-change");
    }

    private void commitChange(int timeout) throws IOException, InterruptedException {
        Map<String, Edit> edits = Shop.opening(
                        "ann", "raise-timeout", Map.of(Shop.SYSTEM, Shop.system("production", timeout)))
                .edits();
        for (Map.Entry<String, Edit> edit : edits.entrySet()) {
            Path file = folder.resolve("work").resolve(edit.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, ((Edit.Write) edit.getValue()).bytes());
        }
        work.run("add", "-A");
        work.run("commit", "-q", "-m", "Raise the time-out");
    }
}
