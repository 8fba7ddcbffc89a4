package countersign.web.notify;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.notify.Receiver;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WebhookApiTest {
    private static final String WEBHOOKS = ShopServer.API + "/webhooks";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Receiver receiver = new Receiver();
    private final ShopServer server = ShopServer.start();
    private final ShopServer.Client admin = server.as("ann", Scope.ADMIN);

    @AfterEach
    void closes() {
        server.close();
        receiver.close();
    }

    @Test
    void the_secret_is_shown_once() {
        Answer created = create();

        assertThat(created.json().get("secret").toString()).startsWith("whsec_");
        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(admin.get(path(created)).expect(200).json()).containsEntry("secret", null);
        assertThat(admin.get(WEBHOOKS).expect(200).body()).doesNotContain("whsec_");
    }

    @Test
    void what_happens_is_sent_and_the_log_of_deliveries_says_so() {
        Answer created = create();

        server.shop.opened("longer", 40);

        Awaitility.await("sent").atMost(PATIENCE).until(() -> receiver.received.size() == 1);
        Awaitility.await("noted")
                .atMost(PATIENCE)
                .until(() -> deliveries(created).get(0).get("state").equals("delivered"));
        assertThat(deliveries(created).get(0))
                .containsEntry("message", receiver.received.get(0).headers().get("webhook-id"))
                .containsEntry("type", "change.opened")
                .containsEntry("status", 204L);
    }

    @Test
    void a_ping_tries_it() {
        Answer created = create();

        Answer ping = admin.post(path(created) + "/ping").expect(202);

        Awaitility.await("sent").atMost(PATIENCE).until(() -> receiver.received.size() == 1);
        assertThat(receiver.received.get(0).headers())
                .containsEntry("webhook-id", ping.json().get("message").toString());
    }

    @Test
    void it_is_switched_off_and_on_and_deleted() {
        Answer created = create();

        Answer off = admin.send("PATCH", path(created), "{\"enabled\":false}").expect(200);
        Answer on = admin.send("PATCH", path(created), "{\"enabled\":true}").expect(200);
        admin.delete(path(created)).expect(204);

        assertThat(off.json()).containsEntry("enabled", false);
        assertThat(on.json()).containsEntry("enabled", true);
        admin.get(path(created)).refused(404, "no-such-webhook");
        admin.delete(path(created)).refused(404, "no-such-webhook");
    }

    @Test
    void what_is_no_webhook_is_refused() {
        admin.post(WEBHOOKS, Map.of("name", "x", "url", "ftp://x.example")).refused(422, "malformed-webhook-url");
        admin.post(WEBHOOKS, Map.of("name", "x\ny", "url", "https://x.example/"))
                .refused(422, "malformed-webhook-name");
        admin.post(WEBHOOKS, Map.of("name", "x", "url", "https://x.example/", "types", List.of("all")))
                .refused(400, "unknown-event-type");
        admin.post(WEBHOOKS, Map.of("name", "x", "url", "https://x.example/", "secret", "mine"))
                .refused(422, "unknown-field");
    }

    @Test
    void an_address_to_which_nothing_is_ever_sent_is_refused_at_once() {
        for (String url : List.of(
                "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[fd00::1]/", "http://8.8.8.8/")) {
            Answer refused = admin.post(WEBHOOKS, Map.of("name", "chat", "url", url));

            refused.refused(422, "address-not-allowed");
            assertThat(refused.body()).contains("COUNTERSIGN_WEBHOOK_NETWORKS");
        }
        assertThat(admin.get(WEBHOOKS).expect(200).items("items")).isEmpty();
        admin.post(WEBHOOKS, Map.of("name", "local", "url", "http://localhost:9090/"))
                .expect(201);
        admin.post(WEBHOOKS, Map.of("name", "named", "url", "http://chat.example/"))
                .expect(201);
    }

    @Test
    void a_name_is_given_once() {
        Answer first = create();

        admin.post(WEBHOOKS, Map.of("name", "chat", "url", "https://other.example/"))
                .refused(409, "duplicate-webhook-name");
        admin.delete(path(first)).expect(204);
        create();

        assertThat(admin.get(WEBHOOKS).expect(200).items("items")).hasSize(1);
    }

    private Answer create() {
        return admin.post(
                        WEBHOOKS,
                        Map.of(
                                "name",
                                "chat",
                                "url",
                                receiver.url().toString(),
                                "types",
                                List.of("change.opened", "change.merged")))
                .expect(201);
    }

    private static String path(Answer created) {
        return WEBHOOKS + "/" + created.json().get("id");
    }

    private List<Map<String, Object>> deliveries(Answer created) {
        return admin.get(path(created) + "/deliveries").expect(200).items("items");
    }
}
