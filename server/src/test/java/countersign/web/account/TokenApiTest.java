package countersign.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class TokenApiTest {
    private static final String TOKENS = ShopServer.API + "/tokens";

    @AutoClose
    private final ShopServer server = ShopServer.start();

    @Test
    void a_token_is_issued_used_and_revoked() {
        Client ann = server.as("ann", Scope.READ, Scope.PUSH);

        Answer issued = ann.post(TOKENS, wish("ci", List.of("read"), "PT1H")).expect(201);

        Client ci = server.with((String) issued.json().get("secret"));
        ci.get(ShopServer.API + "/changes").expect(200);
        ann.delete(TOKENS + "/" + issued.json().get("id")).expect(204);
        ci.get(ShopServer.API + "/changes").refused(401, "not-authenticated");
    }

    @Test
    void a_list_shows_no_secret_and_only_ones_own() {
        Client ann = server.as("ann");
        server.as("bob");
        String secret = (String)
                ann.post(TOKENS, wish("ci", List.of("read"), "PT1H")).json().get("secret");

        Answer list = ann.get(TOKENS).expect(200);

        assertThat(list.items("items")).hasSize(2).allSatisfy(token -> {
            assertThat(token).containsEntry("person", "ann").containsEntry("secret", null);
        });
        assertThat(list.body()).doesNotContain(secret.substring(21));
        assertThat(list.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void a_token_makes_none_that_may_do_more_or_lives_longer() {
        Client ann = server.as("ann", Scope.READ);

        ann.post(TOKENS, wish("wide", List.of("read", "push"), "PT1H")).refused(422, "token-too-wide");
        ann.post(TOKENS, wish("long", List.of("read"), "P30D")).refused(422, "token-too-wide");
    }

    @Test
    void anothers_tokens_are_seen_issued_and_revoked_only_by_an_administrator() {
        Client ann = server.as("ann");
        Client admin = server.as("frank", Scope.ADMIN);
        String id = (String) server.as("bob").get(TOKENS).items("items").get(0).get("id");
        Map<String, Object> forBob =
                Map.of("person", "bob", "name", "x", "scopes", List.of("vote"), "lifetime", "P30D");

        ann.get(TOKENS + "?person=bob").refused(403, "scope-missing");
        ann.get(TOKENS + "?person=*").refused(403, "scope-missing");
        ann.post(TOKENS, forBob).refused(403, "scope-missing");
        ann.delete(TOKENS + "/" + id).refused(404, "no-such-token");
        ann.delete(TOKENS + "/0000000000000000").refused(404, "no-such-token");

        assertThat(admin.get(TOKENS + "?person=*").expect(200).items("items")).hasSize(3);
        assertThat(admin.post(TOKENS, forBob).expect(201).json()).containsEntry("person", "bob");
        admin.delete(TOKENS + "/" + id).expect(204);
    }

    @Test
    void an_expired_token_is_not_accepted() {
        Client ann = server.as("ann");
        ann.get(TOKENS).expect(200);

        server.shop.now.updateAndGet(now -> now.plusSeconds(24 * 3600));

        ann.get(TOKENS).refused(401, "not-authenticated");
    }

    @Test
    void what_is_no_wish_is_refused_by_name() {
        Client ann = server.as("ann");

        ann.post(TOKENS, wish("ci", List.of("root"), "PT1H")).refused(422, "unknown-scope");
        ann.post(TOKENS, wish("ci", List.of(), "PT1H")).refused(422, "token-without-scope");
        ann.post(TOKENS, wish("ci", List.of("read"), "PT0S")).refused(422, "lifetime-out-of-range");
        ann.post(TOKENS, wish("ci", List.of("read"), "soon")).refused(422, "wrong-type");
        ann.post(TOKENS, wish("a\nb", List.of("read"), "PT1H")).refused(422, "malformed-token-name");
    }

    private static Map<String, Object> wish(String name, List<String> scopes, String lifetime) {
        return Map.of("name", name, "scopes", scopes, "lifetime", lifetime);
    }
}
