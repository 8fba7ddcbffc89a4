package countersign.web.activity;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ActivityApiTest {
    private static final String ACTIVITY = ShopServer.API + "/activity";

    private final ShopServer server = ShopServer.start();
    private final Client auditor = server.as("frank", Scope.AUDIT);

    @AfterEach
    void closes() {
        server.close();
    }

    @Test
    void sign_ins_are_noted_with_the_token_and_never_its_secret() {
        server.passwords.set("ann", "correct horse battery");

        Answer session = server.anonymous()
                .post(ShopServer.API + "/sessions", Map.of("person", "ann", "password", "correct horse battery"))
                .expect(201);

        assertThat(one("signed-in"))
                .containsEntry("person", "ann")
                .containsEntry("detail", Map.of("token", session.json().get("id")));
        assertThat(auditor.get(ACTIVITY).expect(200).body())
                .doesNotContain("horse")
                .doesNotContain("cst_");
    }

    @Test
    void a_failed_sign_in_is_noted_and_a_password_typed_as_a_name_is_not() {
        server.passwords.set("ann", "correct horse battery");
        server.anonymous()
                .post(ShopServer.API + "/sessions", Map.of("person", "ann", "password", "wrong horse battery"))
                .expect(401);
        server.anonymous()
                .post(ShopServer.API + "/sessions", Map.of("person", "correct horse battery", "password", "ann"))
                .expect(401);

        assertThat(items("?kind=sign-in-refused"))
                .extracting(item -> item.get("person"))
                .containsExactlyInAnyOrder("ann", null);
        assertThat(auditor.get(ACTIVITY).expect(200).body()).doesNotContain("horse");
    }

    @Test
    void administration_is_noted_with_who_did_it_to_whom() {
        Client admin = server.as("ann", Scope.ADMIN);
        Answer token = admin.post(
                        ShopServer.API + "/tokens",
                        Map.of("person", "bob", "name", "ci", "scopes", List.of("read"), "lifetime", "PT1H"))
                .expect(201);
        admin.delete(ShopServer.API + "/tokens/" + token.json().get("id")).expect(204);
        server.passwords.set("bob", "correct horse battery");
        admin.delete(ShopServer.API + "/people/bob/password").expect(204);
        Answer webhook = admin.post(
                        ShopServer.API + "/webhooks",
                        Map.of("name", "chat", "url", "https://chat.example/secret-path?key=hunter2"))
                .expect(201);

        assertThat(one("token-issued")).containsEntry("person", "ann");
        assertThat(one("token-issued").get("detail").toString()).contains("for=bob", "scopes=read");
        assertThat(one("token-revoked"))
                .containsEntry("detail", Map.of("token", token.json().get("id")));
        assertThat(one("password-cleared")).containsEntry("detail", Map.of("of", "bob"));
        assertThat(one("webhook-created"))
                .containsEntry("detail", Map.of("webhook", webhook.json().get("id"), "host", "chat.example"));
    }

    @Test
    void refusals_and_the_use_of_tokens_are_counted() {
        Client reader = server.as("bob", Scope.READ);
        for (int i = 0; i < 20; i++) {
            server.anonymous().get(ShopServer.API + "/changes").expect(401);
            reader.get(ShopServer.API + "/changes").expect(200);
            reader.get(ShopServer.API + "/webhooks").expect(403);
        }
        server.shop.now.updateAndGet(now -> now.plus(Duration.ofHours(1)));

        assertThat(items("?kind=refused&person=bob"))
                .extracting(item -> item.get("count"))
                .containsExactly(19L, 1L);
        assertThat(items("?kind=refused").stream().filter(item -> item.get("person") == null))
                .extracting(item -> item.get("detail"))
                .containsOnly(Map.of("method", "GET", "route", "/api/v1/changes", "rule", "not-authenticated"));
        assertThat(items("?kind=token-used&person=bob"))
                .extracting(item -> item.get("count"))
                .containsExactly(19L, 1L);
    }

    @Test
    void a_page_as_csv_says_where_the_next_begins() {
        server.as("bob", Scope.READ).get(ShopServer.API + "/changes").expect(200);

        Answer first = auditor.get(ACTIVITY + "?format=csv&limit=1").expect(200);
        Answer second = auditor.get(ACTIVITY + "?format=csv&cursor=" + first.header("X-Next-Cursor"))
                .expect(200);

        assertThat(first.body().split("\r\n")).hasSize(2);
        assertThat(first.body()).startsWith("time,kind,person,network,count,detail\r\n");
        assertThat(second.body()).doesNotContain("time,kind").contains("log-began");
        auditor.get(ACTIVITY + "?format=xml").refused(400, "unknown-format");
        auditor.get(ACTIVITY + "?kind=explosion").refused(400, "unknown-activity");
        auditor.get(ACTIVITY + "?cursor=x").refused(400, "malformed-cursor");
        auditor.get(ACTIVITY + "?limit=0").refused(400, "limit-out-of-range");
    }

    @Test
    void the_files_of_a_segment_are_served_and_nothing_else() {
        auditor.get(ACTIVITY).expect(200);
        Answer segments = auditor.get(ACTIVITY + "/segments").expect(200);

        assertThat(segments.items("items"))
                .singleElement()
                .satisfies(part ->
                        assertThat(part).containsEntry("segment", "2026-11-1").containsEntry("kept", true));
        assertThat(auditor.get(ACTIVITY + "/segments/2026-11-1/checkpoint")
                        .expect(200)
                        .body())
                .startsWith("shop.example/log/activity/2026-11-1\n");
        auditor.get(ACTIVITY + "/segments/2026-11-1/journal").refused(404, "no-such-tile");
        auditor.get(ACTIVITY + "/segments/2026-10-1/checkpoint").refused(404, "no-such-tile");
        auditor.get(ACTIVITY + "/segments/x/checkpoint").refused(404, "no-such-segment");
    }

    private Map<String, Object> one(String kind) {
        List<Map<String, Object>> items = items("?kind=" + kind);
        assertThat(items).hasSize(1);
        return items.get(0);
    }

    private List<Map<String, Object>> items(String query) {
        return auditor.get(ACTIVITY + query).expect(200).items("items");
    }
}
