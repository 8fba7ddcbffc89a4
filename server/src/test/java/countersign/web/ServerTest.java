package countersign.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.account.Action;
import countersign.account.Authorisation;
import countersign.account.Scope;
import countersign.web.ShopServer.Answer;
import countersign.web.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ServerTest {
    private static final String CHANGES = ShopServer.API + "/changes";
    private static final String UPLOAD = "/git/shop.git/git-upload-pack";
    private static final String RECEIVE = "/git/shop.git/git-receive-pack";

    @AutoClose
    private final ShopServer server =
            ShopServer.start(Authorisation.Reading.TOKEN_HOLDERS, Route.get("/test/bug", Action.PROBE, exchange -> {
                throw new IllegalStateException("the password is hunter2");
            }));

    @Test
    void a_bug_is_a_problem_that_tells_nothing_of_the_inside() {
        Answer answer = server.anonymous().get("/test/bug").refused(500, "internal-error");

        assertThat(answer.body())
                .contains("at request " + answer.header("X-Request-Id"))
                .doesNotContain("hunter2")
                .doesNotContain("Exception")
                .doesNotContain("countersign.web");
    }

    @Test
    void an_unknown_path_and_a_wrong_method_are_problems() {
        server.as("ann").get(ShopServer.API + "/nowhere").refused(404, "no-such-route");
        Answer wrong = server.as("ann").send("DELETE", CHANGES, "").refused(405, "method-not-allowed");

        assertThat(wrong.header("Allow")).contains("GET").contains("POST");
    }

    @Test
    void a_body_that_is_no_json_is_refused() {
        server.as("ann").send("POST", CHANGES, "{\"files\":").refused(400, "malformed-json");
        server.as("ann").send("POST", CHANGES, "[]").refused(400, "malformed-json");
        server.as("ann").send("POST", CHANGES, "{\"a\":1,\"a\":2}").refused(400, "malformed-json");
        server.as("ann").send("POST", CHANGES, "").refused(400, "malformed-json");
    }

    @Test
    void a_port_at_which_somebody_listens_is_not_taken() {
        int port = URI.create(server.url()).getPort();

        assertThatThrownBy(() -> Server.take("127.0.0.1", port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(port + " can't be listened at");
    }

    @Test
    void a_body_that_is_too_large_is_refused() {
        server.as("ann").send("POST", CHANGES, "x".repeat(100_001)).refused(413, "request-too-large");
    }

    @Test
    void who_is_not_known_is_asked_for_a_token() {
        Answer api = server.anonymous().get(CHANGES).refused(401, "not-authenticated");
        Answer git = server.anonymous().get("/git/shop.git/info/refs?service=git-upload-pack");

        assertThat(api.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(git.status()).isEqualTo(401);
        assertThat(git.header("WWW-Authenticate")).startsWith("Basic");
    }

    @Test
    void a_password_opens_git_and_not_the_api() throws Exception {
        String secret = secretOf("ann");

        assertThat(basic("GET", "/git/shop.git/info/refs?service=git-upload-pack", "ann", secret)
                        .statusCode())
                .isEqualTo(200);
        assertThat(basic("GET", CHANGES, "ann", secret).statusCode()).isEqualTo(401);
    }

    @Test
    void a_token_is_no_password_of_somebody_else() throws Exception {
        String secret = secretOf("ann");

        assertThat(basic("GET", "/git/shop.git/info/refs?service=git-upload-pack", "bob", secret)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void what_git_asks_comes_through_with_its_protocol() {
        Answer refs =
                server.as("ann").get("/git/shop.git/info/refs?service=git-upload-pack", "Git-Protocol", "version=2");
        Answer fetch = server.as("ann")
                .send(
                        "POST",
                        UPLOAD,
                        "want",
                        "Content-Type",
                        "application/x-git-upload-pack-request",
                        "Git-Protocol",
                        "version=2");

        assertThat(refs.body()).isEqualTo("advertise git-upload-pack version=2");
        assertThat(refs.header("Content-Type")).isEqualTo("application/x-git-upload-pack-advertisement");
        assertThat(refs.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(fetch.body()).isEqualTo("upload want version=2");
        assertThat(fetch.header("Content-Type")).isEqualTo("application/x-git-upload-pack-result");
    }

    @Test
    void a_push_is_the_token_owners_and_is_bounded() {
        ShopServer.Client ann = server.as("ann", Scope.PUSH);
        String type = "application/x-git-receive-pack-request";

        Answer pushed = ann.send("POST", RECEIVE, "pack", "Content-Type", type);
        Answer large = ann.send("POST", RECEIVE, "x".repeat(1001), "Content-Type", type);
        Answer untyped = ann.send("POST", RECEIVE, "pack", "Content-Type", "text/plain");

        assertThat(pushed.body()).isEqualTo("receive pack from ann");
        assertThat(large.status()).isEqualTo(413);
        assertThat(untyped.status()).isEqualTo(400);
        assertThat(untyped.header("Content-Type")).startsWith("text/plain");
        assertThat(untyped.body()).contains("malformed-git-request");
    }

    @Test
    void a_packed_body_is_unpacked_and_can_not_grow_beyond_the_bound() throws Exception {
        HttpResponse<String> small = packed("pack");
        HttpResponse<String> bomb = packed("0".repeat(100_000));

        assertThat(small.body()).isEqualTo("receive pack from ann");
        assertThat(bomb.statusCode()).isEqualTo(413);
    }

    @Test
    void nothing_that_is_answered_runs_in_a_browser_or_names_the_server() {
        Answer answer = server.as("ann").get(CHANGES).expect(200);

        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(answer.header("Server")).isEmpty();
    }

    @Test
    void requests_are_counted_by_route_and_status_and_by_no_name_of_anybody() {
        server.as("ann").get(CHANGES + "/no-such-change").expect(404);
        server.as("ann").get("/nowhere").expect(404);

        String metrics = server.as("ann").get("/metrics").expect(200).body();

        assertThat(metrics)
                .contains("countersign_http_request_duration_seconds_count{method=\"GET\",route=\"" + CHANGES
                        + "/{name}\",status=\"404\"} 1")
                .contains("route=\"none\",status=\"404\"} 1")
                .contains("jvm_memory_used_bytes")
                .doesNotContain("ann")
                .doesNotContain("no-such-change");
    }

    @Test
    void every_answer_carries_the_id_of_its_request() {
        Answer drawn = server.as("ann").get(CHANGES);
        Answer other = server.anonymous().get(CHANGES);
        Answer given = server.as("ann").get(CHANGES, "X-Request-Id", "proxy-7.a");
        Answer hostile = server.as("ann").get(CHANGES, "X-Request-Id", "a b\u00ff{jndi:x}");

        assertThat(drawn.header("X-Request-Id")).matches("[0-9a-f]{16}").isNotEqualTo(other.header("X-Request-Id"));
        assertThat(other.status()).isEqualTo(401);
        assertThat(given.header("X-Request-Id")).isEqualTo("proxy-7.a");
        assertThat(hostile.header("X-Request-Id")).matches("[0-9a-f]{16}");
    }

    private String secretOf(String person) {
        return server.tokens
                .issue(new countersign.account.Tokens.Wish(
                        person, "test", java.util.Set.of(Scope.PUSH), java.time.Duration.ofHours(1)))
                .secret();
    }

    private HttpResponse<String> basic(String method, String path, String user, String password)
            throws IOException, InterruptedException {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return send(HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Authorization", "Basic " + pair)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private HttpResponse<String> packed(String text) throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return send(HttpRequest.newBuilder(URI.create(server.url() + RECEIVE))
                .header("Authorization", "Bearer " + secretOf("ann"))
                .header("Content-Type", "application/x-git-receive-pack-request")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
