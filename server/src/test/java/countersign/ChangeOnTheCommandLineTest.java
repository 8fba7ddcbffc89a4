package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Changes from the first file to the end, by the command line, real Git and real keys, against a real server. */
final class ChangeOnTheCommandLineTest {
    @AutoClose
    private static final ServedShop shop = ServedShop.start();

    @Test
    void a_change_is_checked_compared_signed_merged_applied_and_opened_for_rollback() {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "whole-story", 31);
        ServedShop.commit(anns, "whole-story");
        Said checked = at(anns).run("change", "check").expect(0);
        ServedShop.run(anns, "git", "push", "-q", "origin", "HEAD:refs/heads/change/whole-story");
        Path carols = shop.clone("carol");

        Said planned = at(carols).run("change", "plan", "whole-story").expect(0);
        Said waiting = at(carols).run("change", "gate", "whole-story").expect(1);
        Said differing = at(carols).run("change", "diff", "whole-story").expect(0);
        Said approved = at(carols).run(approve("whole-story", "carol")).expect(0);
        Said open = at(carols).run("change", "gate", "whole-story").expect(0);
        Said merged = at(carols).run("change", "merge", "whole-story").expect(0);
        awaitApplied("whole-story");
        Said rolledBack = at(anns).run("change", "rollback", "whole-story").expect(0);

        assertThat(checked.out()).contains("needs 1 approver", "good; next: git push origin HEAD:change/whole-story");
        assertThat(planned.out()).contains("catalogue.cache-seconds: \"", " → \"31\"");
        assertThat(waiting.out()).contains("is shut", "needs 1 approver");
        assertThat(differing.out()).contains("+        catalogue.cache-seconds: 31");
        assertThat(approved.out()).contains("gives the same manifest", "signed with SHA256:");
        assertThat(open.out()).contains("is open", "carol (approver");
        assertThat(merged.out()).contains("merged ");
        assertThat(rolledBack.out()).contains("opened ", "rollback-");
    }

    @Test
    void a_clone_whose_main_differs_keeps_its_owner_from_signing() {
        shop.push("other-main", 32);
        Path carols = shop.clone("carol");
        ServedShop.edit(carols.resolve("targets/web-test.yaml"), text -> text.replace("test/web-1", "test/web-2"));
        ServedShop.commit(carols, "Another main");
        ServedShop.run(carols, "git", "update-ref", "refs/remotes/origin/main", "HEAD");

        Said refused = at(carols).run(approve("other-main", "carol"));

        refused.refused("manifest-differs-from-clone");
        assertThat(at(carols).run("change", "show", "other-main").out()).doesNotContain("vote ");
    }

    @Test
    void a_clone_that_lacks_the_commit_compares_nothing() {
        Path carols = shop.clone("carol");
        shop.push("not-fetched", 33);

        Said refused = at(carols).run(approve("not-fetched", "carol"));

        refused.refused("clone-behind");
        assertThat(refused.err()).contains("fetch origin");
    }

    @Test
    void a_clone_of_one_branch_compares_after_the_way_out_it_is_told() {
        Path carols = shop.clone("carol");
        ServedShop.run(carols, "git", "remote", "set-branches", "origin", "main");
        shop.push("not-tracked", 34);

        Said refused = at(carols).run(approve("not-tracked", "carol")).refused("clone-behind");
        ServedShop.run(carols, "git", "fetch", "-q", "origin", "main", "change/not-tracked");
        Said approved = at(carols).run(approve("not-tracked", "carol")).expect(0);

        assertThat(refused.err()).contains("git -C " + carols + " fetch origin main change/not-tracked");
        assertThat(approved.out()).contains("gives the same manifest");
    }

    @Test
    void a_statement_that_decides_another_thing_is_not_signed() {
        shop.push("turned-round", 41);
        try (LyingServer liar = new LyingServer(
                shop.url(),
                "/statements",
                text -> text.replace("\"decision\":\"reject\"", "\"decision\":\"approve\""))) {
            Terminal carol = shop.terminal("carol").with("COUNTERSIGN_URL", liar.url());

            Said refused = carol.run(
                    "change",
                    "reject",
                    "turned-round",
                    "--role",
                    "approver",
                    "--reason",
                    "Not tested.",
                    "--key",
                    shop.key("carol").toString());

            refused.refused("statement-not-asked-for");
        }
        assertThat(shop.terminal("carol").run("change", "show", "turned-round").out())
                .doesNotContain("vote ");
    }

    @Test
    void a_statement_about_another_effect_than_the_one_that_is_shown_is_not_signed() {
        shop.push("hidden-unit", 42);
        try (LyingServer liar = new LyingServer(
                shop.url(), "/manifest", text -> text.replaceAll("\"units\":\\[.*\\]", "\"units\":[]"))) {
            Terminal carol = shop.terminal("carol").with("COUNTERSIGN_URL", liar.url());

            carol.run(approve("hidden-unit", "carol")).refused("statement-not-asked-for");
        }
    }

    @Test
    void a_change_is_shown_with_its_window_every_move_of_it_and_who_is_in_the_way() throws IOException {
        Path clone = shop.push("moves", 35);
        shop.push("stands-there", 36);
        try (Stream<Path> requests = Files.walk(clone.resolve("changes"))) {
            Path request = requests.filter(path -> path.endsWith("moves.yaml"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(
                    request,
                    "  window: {notBefore: 2099-01-01T00:00:00Z, notAfter: 2099-01-02T00:00:00Z, reason: After the fair.}\n",
                    StandardOpenOption.APPEND);
        }
        ServedShop.commit(clone, "Another time");
        ServedShop.run(clone, "git", "push", "-q", "origin", "HEAD:refs/heads/change/moves");

        String shown =
                shop.terminal("carol").run("change", "show", "moves").expect(0).out();

        assertThat(shown)
                .contains("window     2099-01-01T00:00:00Z to 2099-01-02T00:00:00Z")
                .contains("moved      any time => 2099-01-01T00:00:00Z to 2099-01-02T00:00:00Z by ann")
                .contains(": After the fair.")
                .contains("/stands-there by ann ");
    }

    @Test
    void a_dry_run_shows_what_would_be_signed_and_signs_nothing() {
        shop.push("dry-run", 34);
        Terminal carol = shop.terminal("carol");

        Said shown = carol.run("change", "approve", "dry-run", "--role", "approver", "--dry-run")
                .expect(0);

        assertThat(shown.out()).contains("Raise the cache", "web-test/storefront-test", "nothing was signed");
        assertThat(shown.out()).contains("not compared with a clone of yours");
        assertThat(carol.run("change", "show", "dry-run").out()).doesNotContain("vote ");
    }

    @Test
    void ssh_keygen_signs_where_only_the_public_key_is_named() throws IOException {
        shop.push("by-agent", 35);
        Path broken = Files.writeString(shop.folder().resolve("broken-key"), "no key at all");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rw-------"));
        Terminal carol = shop.terminal("carol");

        Said publicHalf =
                carol.run("change", "approve", "by-agent", "--role", "approver", "--key", shop.key("carol") + ".pub");

        assertThat(publicHalf.expect(0).out()).contains("signed with SHA256:");
        carol.run("change", "withdraw", "by-agent", "--key", broken.toString()).refused("signing-failed");
    }

    @Test
    void what_the_server_refuses_is_shown_with_its_rule_and_the_way_out() {
        shop.push("refused-here", 36);
        Terminal ann = shop.terminal("ann");

        Said own = ann.run(approve("refused-here", "ann"));
        Said early = ann.run("change", "merge", "refused-here");

        own.refused("contributor-vote");
        assertThat(own.err()).contains("; someone else must sign");
        assertThat(early.expect(1).err()).contains("refused: ", "needs 1 approver");
        ann.run("change", "show", "no-such-thing").refused("no-such-change");
    }

    @Test
    void a_rejection_shuts_the_gate_until_it_is_withdrawn() {
        Path anns = shop.push("rejected-once", 37);
        Terminal carol =
                shop.terminal("carol").with("COUNTERSIGN_KEY", shop.key("carol").toString());

        carol.run("change", "reject", "rejected-once", "--role", "approver", "--reason", "No load test.")
                .expect(0);
        Said shut = carol.run("change", "gate", "rejected-once").expect(1);
        carol.run("change", "withdraw", "rejected-once").expect(0);
        carol.run("change", "approve", "rejected-once", "--role", "approver").expect(0);
        carol.run("change", "gate", "rejected-once").expect(0);
        at(anns).run("change", "abandon", "rejected-once").expect(0);

        assertThat(shut.out()).contains("No load test.");
        assertThat(carol.run("change", "show", "rejected-once").expect(0).out()).contains("state      withdrawn");
        assertThat(carol.run("change", "list", "--state", "withdrawn").out()).contains("rejected-once");
    }

    @Test
    void a_merge_of_another_effect_than_the_one_that_was_read_is_refused() {
        shop.push("read-before", 38);
        Terminal carol = shop.terminal("carol");
        Said plan = carol.run("change", "plan", "read-before", "--json").expect(0);
        carol.run(approve("read-before", "carol")).expect(0);

        Said other = carol.run("change", "merge", "read-before", "--manifest", "0".repeat(64));
        Said same = carol.run(
                "change",
                "merge",
                "read-before",
                "--manifest",
                String.valueOf(plan.json().get("digest")));

        assertThat(other.expect(1).err()).contains("refused: ");
        same.expect(0);
    }

    @Test
    void a_new_request_says_what_is_left_to_fill_in_and_is_never_overwritten() {
        Path anns = shop.clone("ann");

        Said written = at(anns).run("change", "new", "half-done", "--title", "Half done")
                .expect(0);

        assertThat(written.out())
                .containsPattern("changes/[0-9-]+/half-done.yaml:9:")
                .contains("git checkout -b change/half-done");
        at(anns).run("change", "new", "half-done").refused("request-exists");
        at(anns).run("change", "new", "Not A Name").refused("malformed-change");
        shop.terminal("ann").run("change", "new", "nowhere").refused("not-a-clone");
    }

    @Test
    void a_request_made_from_a_template_is_complete() throws IOException {
        Path anns = shop.clone("ann");

        Said written = at(anns).run(
                        "change",
                        "new",
                        "renew-www",
                        "--template",
                        "renew-certificate",
                        "--set",
                        "host=www.lantern-tea.example",
                        "--set",
                        "ends=2027-03-25")
                .expect(0);

        assertThat(written.out()).doesNotContain("Fill in");
        try (Stream<Path> changes = Files.walk(anns.resolve("changes"))) {
            assertThat(changes.filter(path -> path.endsWith("renew-www.yaml")))
                    .singleElement()
                    .satisfies(file -> assertThat(file)
                            .content()
                            .startsWith("# yaml-language-server: $schema=http")
                            .contains("  type: \"standard\"\n", "  template: \"renew-certificate\"\n")
                            .contains("  title: \"Renew the certificate of www.lantern-tea.example\"\n"));
        }
        at(anns).run("change", "new", "other", "--template", "renew-certificate")
                .refused("wrong-parameters");
        at(anns).run("change", "new", "other", "--template", "nothing").refused("no-such-template");
    }

    @Test
    void a_payload_may_be_larger_than_a_document() throws IOException {
        Path anns = shop.clone("ann");
        Path payload = anns.resolve("systems/storefront/files/catalogue.bin");
        shop.writeChange(anns, "large-payload", 47);
        Files.write(payload, new byte[3 << 20]);
        ServedShop.edit(
                anns.resolve("systems/storefront/storefront-test.yaml"),
                text -> text.replace("from: banner-rehearsal.html", "from: catalogue.bin"));
        ServedShop.commit(anns, "large-payload");

        Said checked = at(anns).run("change", "check").expect(0);
        ServedShop.run(anns, "git", "push", "-q", "origin", "HEAD:refs/heads/change/large-payload");
        Said diff = at(anns).run("change", "diff", "large-payload").expect(0);

        assertThat(checked.out()).contains("systems/storefront/files/catalogue.bin", "good; next");
        assertThat(diff.out()).contains("systems/storefront/files/catalogue.bin");
    }

    @Test
    void a_check_names_the_place_of_what_is_wrong() {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "dangling", 39);
        ServedShop.edit(anns.resolve(ServedShop.SETTINGS), text -> text.replace("[web-test]", "[web-tset]"));
        ServedShop.commit(anns, "dangling");

        Said checked = at(anns).run("change", "check").expect(1);

        assertThat(checked.out())
                .contains(ServedShop.SETTINGS + ":16:13: ", "web-tset", "[dangling-reference]", "not ready");
    }

    @Test
    void a_check_finds_what_a_push_would_be_refused_for() throws IOException {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "secret-key", 40);
        Files.copy(shop.key("dave"), anns.resolve("systems/storefront/files/id_ed25519"));
        ServedShop.commit(anns, "secret-key");

        Said checked = at(anns).run("change", "check").expect(1);

        assertThat(checked.out()).contains("systems/storefront/files/id_ed25519:1:1: ", "[private-key]");
    }

    @Test
    void a_check_says_once_what_both_the_push_and_the_merge_would_refuse() throws IOException {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "linked", 41);
        Files.createSymbolicLink(anns.resolve("systems/storefront/files/link.html"), Path.of("maintenance.html"));
        ServedShop.commit(anns, "linked");

        Said checked =
                at(anns).run("change", "check", "--clone", anns.toString()).expect(1);

        assertThat(checked.out()).containsOnlyOnce("[forbidden-mode]").contains("commit the file itself");
    }

    private static Terminal at(Path clone) {
        return new Terminal(shop.program(), clone, Map.of());
    }

    private static String[] approve(String change, String person) {
        return new String[] {
            "change",
            "approve",
            change,
            "--role",
            "approver",
            "--key",
            shop.key(person).toString()
        };
    }

    private static void awaitApplied(String change) {
        Terminal dave = shop.terminal("dave");
        Awaitility.await("the change is applied")
                .atMost(Duration.ofSeconds(60))
                .until(() -> dave.run("change", "show", change)
                        .out()
                        .contains("unit       web-test/storefront-test applied"));
    }
}
