package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import countersign.cli.data.Program;
import countersign.codec.Fields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Backups of a server that runs. */
final class RunningBackupTest {
    @AutoClose
    private final ServedShop shop = ServedShop.start();

    @Test
    void every_backup_that_is_made_while_people_work_is_a_whole_server() {
        Terminal admin = admin();
        List<Fields> backups = new ArrayList<>(List.of(backup(admin, "before")));
        CompletableFuture<Void> work = CompletableFuture.runAsync(() -> {
            for (String change : List.of("first", "second", "third")) {
                shop.push(change, 40 + change.length());
                as(
                        "carol",
                        "approve",
                        change,
                        "--role",
                        "approver",
                        "--key",
                        shop.key("carol").toString());
                as("carol", "merge", change);
            }
        });
        while (!work.isDone() && backups.size() < 4) {
            backups.add(backup(admin, "while-working-" + backups.size()));
        }
        work.join();
        backups.add(backup(admin, "afterwards"));

        for (Fields backup : backups) {
            assertThat(shop.folder().resolve("backups").resolve(backup.text("name") + ".unfinished"))
                    .doesNotExist();
            requireWhole(backup);
        }
        assertThat(backups.get(backups.size() - 1).object("content").text("main"))
                .isNotEqualTo(backups.get(0).object("content").text("main"));
    }

    @Test
    void a_backup_that_cannot_be_is_refused_by_name() throws Exception {
        Terminal admin = admin();
        backup(admin, "tuesday");

        admin.run("backup", "--name", "tuesday").refused("backup-exists");
        admin.run("backup", "--name", "../elsewhere").refused("malformed-backup-name");
        shop.terminal("carol").run("backup", "--name", "mine").refused("scope-missing");
        admin.run("backup", "--name", "wednesday", "--data", shop.data().toString())
                .expect(2);
    }

    @Test
    void who_copied_the_keys_of_the_server_is_noted() throws Exception {
        Terminal admin = admin();
        backup(admin, "monday");
        Said token = admin.run("token", "create", "--person", "dave", "--scope", "audit")
                .expect(0);

        Said noted = shop.terminal("dave")
                .with("COUNTERSIGN_TOKEN", token.out().strip())
                .run("activity", "list", "--kind", "backup-begun")
                .expect(0);

        assertThat(noted.out()).contains("backup-begun ", "backup=monday");
    }

    @Test
    void a_backup_that_fails_leaves_nothing_behind() throws Exception {
        Terminal admin = admin();
        Files.createDirectories(shop.folder().resolve("backups/killed.unfinished/keys"));
        Path keys = Files.move(shop.data().resolve("keys"), shop.folder().resolve("keys-elsewhere"));

        Said failed = admin.run("backup", "--name", "wednesday").expect(3);
        Files.move(keys, shop.data().resolve("keys"));
        backup(admin, "wednesday");

        assertThat(failed.err()).contains("the server could not make the backup");
        assertThat(shop.folder().resolve("backups").toFile().list()).containsExactly("wednesday");
    }

    /** Restores a backup, serves it, and has a clone of it verified. */
    private void requireWhole(Fields backup) {
        String name = backup.text("name");
        Fields content = backup.object("content");
        Path data = shop.folder().resolve("restored-" + name);
        Terminal host = shop.host();
        host.run("restore", "--from", content.text("folder"), "--data", data.toString())
                .expect(0);
        String genesis = shop.genesis();
        try (Program.Running restored = shop.program().serve(Program.Serve.locally(data))) {
            Path clone = shop.folder().resolve("clone-of-" + name);

            ServedShop.run(shop.folder(), "git", "clone", "-q", shop.remote("ann", restored.url()), clone.toString());

            assertThat(restored.readOnlyReason()).isEmpty();
            assertThat(clone.resolve(".git/refs/heads/main")).content().isEqualToIgnoringNewLines(content.text("main"));
            host.run("verify", "--genesis", genesis, clone.toString()).expect(0);
        }
    }

    private Fields backup(Terminal admin, String name) {
        return Fields.of(
                "backup",
                admin.run("backup", "--name", name, "--json").expect(0).json());
    }

    private void as(String person, String... words) {
        List<String> line = new ArrayList<>(List.of("change"));
        line.addAll(List.of(words));
        shop.terminal(person).run(line.toArray(String[]::new)).expect(0);
    }

    private Terminal admin() {
        shop.stop();
        String token = shop.host()
                .run("token", "create", "--data", shop.data().toString(), "--person", "ann", "--scope", "admin")
                .expect(0)
                .out()
                .strip();
        shop.serve();
        return shop.host().with("COUNTERSIGN_URL", shop.url()).with("COUNTERSIGN_TOKEN", token);
    }
}
