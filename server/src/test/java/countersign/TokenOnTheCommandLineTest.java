package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.Terminal.Said;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tokens of a server that runs, by the command line, and where a verb finds its own. */
final class TokenOnTheCommandLineTest {
    @AutoClose
    private static final ServedShop shop = ServedShop.start();

    @Test
    void a_person_makes_a_narrower_token_while_the_server_runs_uses_it_and_revokes_it() {
        Terminal ann = shop.terminal("ann");

        Said created = ann.run("token", "create", "--name", "nightly", "--scope", "read", "--lifetime", "P7D")
                .expect(0);
        String secret = created.out().strip();
        String id = secret.substring("cst_".length(), "cst_".length() + 16);
        Terminal job = ann.with("COUNTERSIGN_TOKEN", secret);
        job.run("change", "list").expect(0);
        Said listed = ann.run("token", "list").expect(0);

        assertThat(secret).matches("cst_[0-9a-f]{16}_[0-9a-f]+");
        assertThat(listed.out()).containsPattern(id + "  ann  until \\S+  read  nightly\n");
        assertThat(ann.run("token", "list", "--json").expect(0).out())
                .contains("\"" + id + "\"")
                .doesNotContain("secret", secret);
        assertThat(ann.run("token", "revoke", id).expect(0).out()).isEqualTo("revoked " + id + "\n");
        job.run("change", "list").refused("not-authenticated");
    }

    @Test
    void nobody_makes_a_wider_token_nor_sees_those_of_others_without_the_scope_admin() {
        Terminal ann = shop.terminal("ann");

        ann.run("token", "create", "--scope", "admin", "--lifetime", "P1D").refused("token-too-wide");
        ann.run("token", "create", "--person", "carol", "--lifetime", "P1D").refused("scope-missing");
        ann.run("token", "list", "--person", "carol").refused("scope-missing");
        ann.run("token", "revoke", "0000000000000000").refused("no-such-token");
        ann.run("token", "revoke", "../people/carol/password").refused("no-such-token");
    }

    @Test
    void a_data_folder_is_asked_only_where_it_is_named_and_then_a_person_must_be() {
        shop.host().run("token", "list").refused("no-server-url");
        Said said = shop.host().run("token", "create", "--data", String.valueOf(shop.data()));

        assertThat(said.expect(2).err()).contains("Missing required option: '--person");
    }

    @Test
    void a_verb_takes_the_token_of_the_clone_it_stands_in_if_the_clone_is_of_that_server() {
        Path clone = shop.clone("ann");
        Terminal here = new Terminal(shop.program(), clone, Map.of("COUNTERSIGN_URL", shop.url()));

        here.run("change", "list").expect(0);

        here.with("COUNTERSIGN_URL", "http://127.0.0.1:1").run("change", "list").refused("no-token");
        here.in(shop.folder()).run("change", "list").refused("no-token");
    }

    @Test
    void what_is_not_there_is_refused_with_what_is() {
        Terminal ann = shop.terminal("ann");
        Said state = ann.run("change", "list", "--state", "bogus");
        Said template = new Terminal(shop.program(), shop.clone("ann"), Map.of())
                .run("change", "new", "tuned", "--template", "tune");

        state.refused("unknown-state");
        assertThat(state.err()).contains("draft, review, approved");
        template.refused("no-such-template");
        assertThat(template.err()).contains("take one of renew-certificate, tune-storefront");
        assertThat(ann.run("key", "revoked").expect(0).out()).isEqualTo("no key is revoked\n");
    }
}
