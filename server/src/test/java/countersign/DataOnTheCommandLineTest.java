package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the command line does with a data folder, with its log, and with clones of it. */
final class DataOnTheCommandLineTest {
    @AutoClose
    private final ServedShop shop = ServedShop.start();

    private final Terminal host = shop.host();

    @Test
    void a_backup_is_restored_unless_a_clone_remembers_more() {
        String before = shop.clone("dave").toString();
        shop.stop();
        String backup = shop.folder().resolve("backup").toString();
        host.run("backup", "--data", data(), "--to", backup).expect(0);
        shop.serve();
        shop.push("after-backup", 30);
        approve("after-backup");
        String after = shop.clone("carol").toString();

        Said older = host.run("restore", "--from", backup, "--data", in("a"), "--newest", after);
        Said newest = host.run("restore", "--from", backup, "--data", in("b"), "--newest", before);

        older.refused("restore-would-fork");
        newest.expect(0);
        host.run("backup", "--data", data(), "--to", in("c")).refused("data-folder-in-use");
    }

    @Test
    void a_folder_that_a_link_leads_to_is_backed_up_and_restored_whole() throws Exception {
        shop.stop();
        Path linked = Files.createSymbolicLink(shop.folder().resolve("linked"), Path.of(data()));
        host.run("backup", "--data", linked.toString(), "--to", in("backup")).expect(0);
        Path latest = Files.createSymbolicLink(shop.folder().resolve("latest"), Path.of(in("backup")));

        host.run("restore", "--from", latest.toString(), "--data", in("restored"))
                .expect(0);

        assertThat(Path.of(in("restored")))
                .isDirectoryContaining("glob:**repository.git")
                .isDirectoryContaining("glob:**log");
    }

    @Test
    void a_backup_whose_files_lead_elsewhere_is_refused_and_leaves_nothing() throws Exception {
        shop.stop();
        host.run("backup", "--data", data(), "--to", in("backup")).expect(0);
        Path outside = Files.createDirectory(shop.folder().resolve("outside"));
        Files.createSymbolicLink(Path.of(in("backup"), "log", "tile-of-mine"), outside);

        Said refused = host.run("restore", "--from", in("backup"), "--data", in("restored"));
        Files.createSymbolicLink(Path.of(data(), "repository.git", "objects", "mine"), outside);
        Said backup = host.run("backup", "--data", data(), "--to", in("other"));

        refused.refused("not-a-plain-file");
        backup.refused("not-a-plain-file");
        assertThat(Path.of(in("restored"))).doesNotExist();
        assertThat(Path.of(in("other"))).doesNotExist();
    }

    @Test
    void a_token_is_shown_once_and_never_again() {
        shop.stop();
        Said created = host.run("token", "create", "--data", data(), "--person", "ann", "--json")
                .expect(0);
        String secret = String.valueOf(created.json().get("secret"));
        String id = String.valueOf(created.json().get("id"));

        Said listed = host.run("token", "list", "--data", data()).expect(0);
        host.run("token", "revoke", "--data", data(), id).expect(0);
        shop.serve();
        Said refused = shop.terminal("ann").with("COUNTERSIGN_TOKEN", secret).run("change", "list");

        assertThat(listed.out()).contains(id).doesNotContain(secret);
        assertThat(refused.expect(1).err()).doesNotContain(secret);
    }

    @Test
    void a_password_that_the_host_sets_opens_a_session() throws Exception {
        shop.stop();
        Path file = Files.writeString(shop.folder().resolve("password"), "nine lives of one cat\n");
        Said set = host.run("password", "set", "--data", data(), "--person", "ann", "--from", file.toString());
        host.run("password", "set", "--data", data(), "--person", "zoe", "--from", file.toString())
                .refused("unknown-person");
        Files.writeString(file, "short\n");
        host.run("password", "set", "--data", data(), "--person", "ann", "--from", file.toString())
                .refused("password-too-weak");
        shop.serve();

        HttpResponse<String> session = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(shop.url() + "/api/v1/sessions"))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"person\": \"ann\", \"password\": \"nine lives of one cat\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(set.expect(0).out()).doesNotContain("nine lives");
        assertThat(session.statusCode()).as(session.body()).isEqualTo(201);
    }

    @Test
    void a_clone_verifies_from_its_genesis_and_from_no_other() {
        shop.push("verified", 30);
        approve("verified");
        shop.terminal("carol").run("change", "merge", "verified").expect(0);
        String clone = shop.clone("frank").toString();

        Said verified = host.run("verify", "--genesis", genesis(), clone);
        Said other = host.run("verify", "--genesis", "0".repeat(40), clone);

        assertThat(verified.expect(0).out()).contains("verified");
        assertThat(other.expect(1).out() + other.err()).contains("[no-such-commit]");
    }

    @Test
    void the_log_is_read_and_its_proofs_hold_by_the_keys_of_a_clone() {
        Terminal inClone = host.in(shop.clone("ann"));

        Said checkpoint = inClone.run("log", "checkpoint", "--json").expect(0);
        Said entries = inClone.run("log", "entries").expect(0);
        Said proof = inClone.run("log", "proof", "0", "--json").expect(0);

        assertThat(checkpoint.json())
                .containsEntry("origin", "shop.invalid/log")
                .containsEntry("size", 1L);
        assertThat(entries.out()).contains("genesis");
        assertThat(proof.json()).containsEntry("verified", true);
        inClone.run("log", "proof", "77").expect(1);
    }

    @Test
    void allowed_signers_are_the_same_from_clone_and_server() {
        Said fromClone = host.in(shop.clone("ann")).run("allowed-signers").expect(0);
        Said fromServer = shop.terminal("ann").run("allowed-signers").expect(0);

        assertThat(fromClone.out()).isEqualTo(fromServer.out()).contains("carol,carol@lantern-tea.example");
    }

    private void approve(String change) {
        shop.terminal("carol")
                .run(
                        "change",
                        "approve",
                        change,
                        "--role",
                        "approver",
                        "--key",
                        shop.key("carol").toString())
                .expect(0);
    }

    private String genesis() {
        return shop.genesis();
    }

    private String data() {
        return shop.data().toString();
    }

    private String in(String name) {
        return shop.folder().resolve(name).toString();
    }
}
