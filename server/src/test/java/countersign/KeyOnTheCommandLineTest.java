package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** People and their keys, by the command line, against a real server. */
final class KeyOnTheCommandLineTest {
    @AutoClose
    private static final ServedShop shop = ServedShop.start();

    @Test
    void a_key_is_revoked_at_once_and_for_ever() {
        shop.push("after-the-theft", 51);
        Terminal dave =
                shop.terminal("dave").with("COUNTERSIGN_KEY", shop.key("dave").toString());

        dave.run("change", "approve", "after-the-theft", "--role", "approver").expect(0);
        Terminal.Said tried = dave.run("key", "revoke", shop.key("dave") + ".pub", "--dry-run")
                .expect(0);
        Terminal.Said revoked = dave.run("key", "revoke", shop.key("dave") + ".pub", "--reason", "Stolen.")
                .expect(0);
        Terminal.Said listed = dave.run("key", "revoked").expect(0);

        assertThat(tried.out()).contains("of dave, retired", "nothing was signed");
        assertThat(revoked.out()).contains("revoked SHA256:");
        assertThat(listed.out()).contains("  dave  log entry ").contains("retired");
        assertThat(dave.run("change", "gate", "after-the-theft").expect(1).out())
                .contains("dave (key-revoked)");
        dave.run("change", "withdraw", "after-the-theft").refused("key-revoked");
    }

    @Test
    void a_recovery_is_prepared_signed_offline_by_ssh_keygen_and_handed_in() {
        Path anns = shop.clone("ann");
        shop.writeChange(anns, "way-back", 52);
        ServedShop.run(anns, "git", "checkout", "-q", "--", ServedShop.SETTINGS);
        ServedShop.edit(request(anns), text -> text.replace("\n  type: ", "\n  operation: recover\n  type: "));
        ServedShop.run(shop.folder(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "dave", "-f", "dave-new");
        String line = read(shop.folder().resolve("dave-new.pub")).strip();
        ServedShop.edit(
                anns.resolve("access/people/dave.yaml"),
                text -> text.replace("\n  keys:\n", "\n  keys:\n    - key: " + line + "\n"));
        ServedShop.commit(anns, "way-back");
        ServedShop.run(anns, "git", "push", "-q", "origin", "HEAD:refs/heads/change/way-back");
        Terminal carol = shop.terminal("carol");

        carol.run("change", "merge", "way-back").refused("requirement-unmet");
        carol.run("change", "recover", "way-back", "--recovery-key", shop.key("carol") + ".pub", "--out", "no.json")
                .refused("not-a-recovery-key");
        String statement = shop.folder().resolve("statement.json").toString();
        Terminal.Said prepared = carol.run(
                        "change",
                        "recover",
                        "way-back",
                        "--recovery-key",
                        shop.key("recovery") + ".pub",
                        "--out",
                        statement)
                .expect(0);
        shop.sign("recovery", statement);
        Terminal.Said handed = carol.run(
                        "change", "recover", "way-back", "--statement", statement, "--signature", statement + ".sig")
                .expect(0);
        Terminal.Said merged = carol.run("change", "merge", "way-back").expect(0);

        assertThat(prepared.out()).contains("as recovery-1", "access/people/dave.yaml");
        assertThat(handed.out()).contains("signed by recovery-1");
        assertThat(merged.out()).contains("merged ");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path request(Path clone) {
        try (Stream<Path> days = Files.walk(clone.resolve("changes"))) {
            return days.filter(path -> path.endsWith("way-back.yaml"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void the_key_of_another_person_is_not_revoked() {
        Terminal carol = shop.terminal("carol");

        carol.run(
                        "key",
                        "revoke",
                        shop.key("ann") + ".pub",
                        "--key",
                        shop.key("carol").toString())
                .refused("key-of-another");
        carol.run("key", "revoke", "nowhere.pub", "--key", shop.key("carol").toString())
                .refused("no-such-key-file");
    }
}
