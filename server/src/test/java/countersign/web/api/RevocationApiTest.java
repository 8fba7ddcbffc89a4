package countersign.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RevocationApiTest {
    private static final String REVOCATIONS = ShopServer.API + "/revocations";
    private static final String CAROLS = Shop.key("carol").publicKey().fingerprint();

    @AutoClose
    private final ShopServer server = ShopServer.start();

    private ShopServer.Client carol;

    @BeforeEach
    void opens() {
        carol = server.as("carol", Scope.READ, Scope.VOTE);
    }

    @Test
    void a_key_is_revoked_over_http_and_listed() {
        String text = statement(CAROLS);

        Answer revoked = hand(text, "carol-second").expect(201);

        assertThat(revoked.json()).containsEntry("key", CAROLS).containsEntry("since", 1L);
        assertThat(carol.get(REVOCATIONS).expect(200).items("items"))
                .singleElement()
                .satisfies(item ->
                        assertThat(item).containsEntry("person", "carol").containsEntry("key", CAROLS));
    }

    @Test
    void the_key_of_another_person_is_not_revoked() {
        String text = statement(Shop.key("dave").publicKey().fingerprint());

        hand(text, "carol").refused(422, "key-of-another");
        assertThat(carol.get(REVOCATIONS).items("items")).isEmpty();
    }

    @Test
    void a_key_is_revoked_once() {
        hand(statement(CAROLS), "carol-second").expect(201);

        hand(statement(CAROLS), "carol-second").refused(409, "already-revoked");
    }

    private String statement(String key) {
        return carol.post(REVOCATIONS + "/statements", Map.of("key", key, "since", 1, "reason", "lost"))
                .expect(201)
                .body();
    }

    private Answer hand(String text, String signer) {
        String signature = ShopServer.sign(signer, text);
        return carol.post(REVOCATIONS, Map.of("statement", text, "signature", signature));
    }
}
