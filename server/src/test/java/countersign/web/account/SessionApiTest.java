package countersign.web.account;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.codec.Json;
import countersign.web.ShopServer;
import countersign.web.ShopServer.Answer;
import countersign.web.ShopServer.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SessionApiTest {
    private static final String SESSIONS = ShopServer.API + "/sessions";
    private static final String GOOD = "nine lives of one cat";
    private static final String OTHER = "one cat with nine lives";
    private static final String[] FROM_AFAR = {"X-Forwarded-For", "198.51.100.7, 203.0.113.9"};

    @AutoClose
    private final ShopServer server = ShopServer.start();

    @BeforeEach
    void opens() {
        server.passwords.set("ann", GOOD);
    }

    @Test
    void a_password_opens_a_session_that_does_everything_but_administer() {
        Answer opened = signIn("ann", GOOD).expect(201);

        Client session = server.with((String) opened.json().get("secret"));
        session.get(ShopServer.API + "/changes").expect(200);
        session.get(ShopServer.API + "/tokens?person=*").refused(403, "scope-missing");
        assertThat(opened.header("Cache-Control")).isEqualTo("no-store");
        server.shop.now.set(server.shop.now.get().plus(Duration.ofHours(13)));
        session.get(ShopServer.API + "/changes").refused(401, "not-authenticated");
    }

    @Test
    void a_wrong_password_and_an_unknown_person_are_refused_alike() {
        Answer wrong = signIn("ann", OTHER).refused(401, "sign-in-failed");
        Answer nobody = signIn("zoe", OTHER).refused(401, "sign-in-failed");
        Answer without = signIn("bob", OTHER).refused(401, "sign-in-failed");

        assertThat(nobody.body()).isEqualTo(wrong.body().replace("ann", "zoe"));
        assertThat(without.body()).isEqualTo(wrong.body().replace("ann", "bob"));
        assertThat(wrong.body()).doesNotContain(OTHER);
    }

    @Test
    void who_guesses_is_slowed_down_and_the_person_gets_in_from_elsewhere() {
        for (int attempt = 0; attempt < 5; attempt++) {
            signIn("ann", OTHER).refused(401, "sign-in-failed");
        }

        Answer slowed = signIn("ann", GOOD).refused(429, "too-many-attempts");
        signIn("ann", GOOD, FROM_AFAR).expect(201);

        assertThat(Integer.parseInt(slowed.header("Retry-After"))).isPositive();
        server.shop.now.set(server.shop.now.get().plusSeconds(Integer.parseInt(slowed.header("Retry-After"))));
        signIn("ann", GOOD).expect(201);
    }

    @Test
    void one_network_that_guesses_at_many_people_is_slowed_down_for_all() {
        for (int attempt = 0; attempt < 50; attempt++) {
            signIn("nobody-" + attempt, OTHER).refused(401, "sign-in-failed");
        }

        signIn("ann", GOOD).refused(429, "too-many-attempts");
        signIn("ann", GOOD, FROM_AFAR).expect(201);
    }

    @Test
    void a_new_password_needs_the_present_one_and_ends_sessions() {
        Client session = server.with((String) signIn("ann", GOOD).json().get("secret"));
        Client token = server.as("ann", Scope.READ);

        put(session, "ann", Map.of("password", OTHER)).refused(403, "scope-missing");
        put(session, "ann", Map.of("password", OTHER, "current", OTHER)).refused(401, "sign-in-failed");
        put(session, "ann", Map.of("password", "short", "current", GOOD)).refused(422, "password-too-weak");
        put(session, "ann", Map.of("password", "ann is my name", "current", GOOD))
                .refused(422, "password-too-weak");
        put(session, "ann", Map.of("password", OTHER, "current", GOOD)).expect(204);

        session.get(ShopServer.API + "/changes").refused(401, "not-authenticated");
        token.get(ShopServer.API + "/changes").expect(200);
        signIn("ann", GOOD).refused(401, "sign-in-failed");
        signIn("ann", OTHER).expect(201);
    }

    @Test
    void an_administrator_sets_and_takes_away_anybodys_and_nobody_else_does() {
        Client admin = server.as("dave", Scope.ADMIN);

        put(server.as("bob"), "ann", Map.of("password", OTHER)).refused(403, "scope-missing");
        put(admin, "bob", Map.of("password", OTHER)).expect(204);
        put(admin, "zoe", Map.of("password", OTHER)).refused(403, "unknown-person");
        signIn("bob", OTHER).expect(201);
        admin.delete(ShopServer.API + "/people/bob/password").expect(204);
        admin.delete(ShopServer.API + "/people/bob/password").refused(404, "no-such-password");
        signIn("bob", OTHER).refused(401, "sign-in-failed");
    }

    private Answer signIn(String person, String password, String... headers) {
        return server.anonymous().post(SESSIONS, Map.of("person", person, "password", password), headers);
    }

    private static Answer put(Client client, String person, Map<String, String> body) {
        return client.send(
                "PUT",
                ShopServer.API + "/people/" + person + "/password",
                new String(Json.write(body), StandardCharsets.UTF_8));
    }
}
