package countersign.target;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HealthRunnerTest {
    private static final Location LOCATION = DriverContract.LOCATION;

    private final InMemoryDriver driver = new InMemoryDriver();
    private final HealthRunner runner = new HealthRunner();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        Release release = Release.of(LOCATION, TargetState.NOTHING, DriverContract.FIRST);
        driver.stage(release);
        driver.activate(release);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/third-time-lucky", exchange -> {
            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/third-time-lucky");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void a_system_without_checks_is_healthy() {
        assertThat(HealthCheck.Suite.read(Fields.of("spec", Map.of()))).isEqualTo(HealthCheck.Suite.NONE);
        assertThat(run(HealthCheck.Suite.NONE)).isEmpty();
    }

    @Test
    void a_file_check_looks_for_presence_and_text() {
        HealthCheck.Suite suite = suite("""
                {"name": "there", "kind": "file", "path": "app.yaml"},
                {"name": "port", "kind": "file", "path": "app.yaml", "contains": "port: 80"},
                {"name": "wrong", "kind": "file", "path": "app.yaml", "contains": "port: 443"},
                {"name": "gone", "kind": "file", "path": "missing.yaml"}""");

        List<HealthCheck.Result> results = run(suite);

        assertThat(results)
                .containsExactly(
                        new HealthCheck.Result("there", true, "app.yaml is as expected"),
                        new HealthCheck.Result("port", true, "app.yaml is as expected"),
                        new HealthCheck.Result("wrong", false, "app.yaml lacks the expected text"),
                        new HealthCheck.Result("gone", false, "missing.yaml is absent"));
    }

    @Test
    void a_url_is_asked_again_until_it_answers_as_expected() {
        List<HealthCheck.Result> results = run(suite(http("/third-time-lucky", 200)));

        assertThat(results).singleElement().matches(HealthCheck.Result::passed);
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_redirect_is_an_answer_of_its_own() {
        assertThat(run(suite(http("/moved", 302)))).singleElement().matches(HealthCheck.Result::passed);
        assertThat(asked).hasValue(0);
    }

    @Test
    void a_wrong_status_fails_with_both_sides_when_the_time_is_over() {
        List<HealthCheck.Result> results = run(brief(http("/absent", 200)));

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.passed()).isFalse();
            assertThat(result.detail()).contains("should answer 200", "last: ");
        });
    }

    @Test
    void a_peer_that_accepts_and_never_answers_does_not_hang_the_check() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            List<HealthCheck.Result> results =
                    run(brief("{\"name\": \"silent\", \"kind\": \"http\", \"url\": \"http://127.0.0.1:"
                            + silent.getLocalPort() + "/\"}"));

            assertThat(results).singleElement().matches(result -> !result.passed());
        }
    }

    @Test
    void a_check_that_could_not_be_run_is_refused() {
        assertThat(ruleOf("{\"name\": \"x\", \"kind\": \"http\", \"url\": \"file:///etc/passwd\"}"))
                .isEqualTo("malformed-check");
        assertThat(ruleOf("{\"name\": \"x\", \"kind\": \"http\", \"url\": \"http://ann:pass@host/\"}"))
                .isEqualTo("malformed-check");
        assertThat(ruleOf("{\"name\": \"x\", \"kind\": \"shell\", \"path\": \"a\"}"))
                .isEqualTo("malformed-check");
        assertThat(ruleOf("{\"name\": \"x\", \"kind\": \"file\", \"path\": \"../secret\"}"))
                .isEqualTo("target-path-escapes");
    }

    private List<HealthCheck.Result> run(HealthCheck.Suite suite) {
        return runner.run(suite, driver, LOCATION);
    }

    private String ruleOf(String check) {
        return catchThrowableOfType(Refusal.class, () -> suite(check)).rule();
    }

    private String http(String path, int status) {
        return "{\"name\": \"web\", \"kind\": \"http\", \"url\": \"http://127.0.0.1:"
                + server.getAddress().getPort() + path + "\", \"status\": " + status + "}";
    }

    /** Checks that have more time than any machine needs. */
    private static HealthCheck.Suite suite(String checks) {
        return suite("PT1M", checks);
    }

    /** Checks whose time is to run out. */
    private static HealthCheck.Suite brief(String checks) {
        return suite("PT1S", checks);
    }

    private static HealthCheck.Suite suite(String timeout, String checks) {
        String spec = "{\"health\": {\"timeout\": \"" + timeout + "\", \"checks\": [" + checks + "]}}";
        return HealthCheck.Suite.read(Fields.of("spec", Json.readObject("spec", spec.getBytes(UTF_8))));
    }
}
