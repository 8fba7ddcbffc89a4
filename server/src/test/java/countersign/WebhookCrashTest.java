package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.Scope;
import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.log.Faults;
import countersign.notify.Receiver;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server process is killed (SIGKILL) while messages wait, and started again. */
final class WebhookCrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SYSTEM = "systems/checkout/checkout-test.yaml";

    private final Installation installation = new Installation(new Countersign.Outside(
            Faults.NONE,
            Clock.systemUTC(),
            new java.security.SecureRandom(),
            Map.of("COUNTERSIGN_WEBHOOK_NETWORKS", "127.0.0.0/8")));

    @Test
    void a_message_of_a_killed_server_arrives_under_the_id_that_it_had(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        found(data);
        String token = installation
                .issueToken(data, new Program.TokenWish("ann", "test", EnumSet.allOf(Scope.class), Duration.ofDays(1)))
                .secret();
        try (Receiver receiver = new Receiver()) {
            receiver.answer = 503;
            int port = freePort();
            Process server = start(data, port, folder.resolve("server.txt"));
            try {
                Api api = new Api("http://127.0.0.1:" + port, Map.of("ann", token));
                Awaitility.await("started")
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> api.get("ann", "/readyz").status() == 200);
                Map<String, Object> wish =
                        Map.of("name", "chat", "url", receiver.url().toString(), "types", List.of("change.opened"));
                assertThat(api.post("ann", "/api/v1/webhooks", wish).status()).isEqualTo(201);
                assertThat(api.open("ann", change()).status()).isEqualTo(201);
                Awaitility.await("tried").atMost(PATIENCE).until(() -> !receiver.received.isEmpty());
            } finally {
                server.destroyForcibly().waitFor();
            }
            int before = receiver.received.size();
            receiver.answer = 204;

            try (Program.Running running = installation.serve(Program.Serve.locally(data))) {
                assertThat(running.readOnlyReason()).isEmpty();
                Awaitility.await("sent again").atMost(PATIENCE).until(() -> receiver.received.size() > before);
            }

            assertThat(receiver.received)
                    .extracting(message -> message.headers().get("webhook-id"))
                    .containsOnly(receiver.received.get(0).headers().get("webhook-id"));
            assertThat(receiver.received)
                    .extracting(Receiver.Received::body)
                    .containsOnly(receiver.received.get(0).body());
        }
    }

    private void found(Path data) {
        installation.init(new Program.Init(
                data,
                Program.Content.of(Path.of("sample-repo")),
                "shop",
                "shop.example/log",
                Map.of(
                        "ann", List.of(Shop.key("ann").publicKey()),
                        "carol", List.of(Shop.key("carol").publicKey()),
                        "dave", List.of(Shop.key("dave").publicKey())),
                List.of(Shop.key("recovery").publicKey()),
                1));
    }

    private static Process start(Path data, int port, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve",
                        "--data",
                        data.toString(),
                        "--port",
                        String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("COUNTERSIGN_WEBHOOK_NETWORKS", "127.0.0.0/8");
        return builder.start();
    }

    private static Map<String, String> change() throws IOException {
        String system = Files.readString(Path.of("sample-repo", SYSTEM));
        return Map.of(
                SYSTEM, system.replaceFirst("instances: \\d+", "instances: 99"), "changes/2026-11-21/more.yaml", """
                apiVersion: countersign.dev/v1
                kind: ChangeRequest
                metadata:
                  name: more
                spec:
                  title: More instances of checkout
                  type: normal
                  reason: The sale begins on Friday.
                  requester: ann
                  contact: ann
                  maintenanceType: preventive
                  plan: {scope: checkout in test, steps: [merge], risk: none to speak of}
                  test: {plan: watch the error rate}
                  backout: {plan: merge a rollback of this change within the day}
                  securityImpact: none
                """);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
