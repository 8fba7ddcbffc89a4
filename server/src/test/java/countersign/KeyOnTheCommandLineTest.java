package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People and their keys, by the command line, against a real server. */
final class KeyOnTheCommandLineTest {
    @TempDir
    private static Path folder;

    private static ServedShop shop;

    @BeforeAll
    static void starts() {
        shop = ServedShop.start(folder);
    }

    @AfterAll
    static void stops() {
        shop.close();
    }

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
