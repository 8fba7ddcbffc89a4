package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.cli.data.Program;
import countersign.log.Faults;
import countersign.notify.Receiver;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server process is killed (SIGKILL) while messages wait, and started again. */
final class WebhookCrashTest {
    private static final Map<String, String> NETWORKS = Map.of("COUNTERSIGN_WEBHOOK_NETWORKS", "127.0.0.0/8");

    private final Installation installation = new Installation(
            new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new java.security.SecureRandom(), NETWORKS));

    @Test
    void a_message_of_a_killed_server_arrives_under_the_id_that_it_had(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        SampleShop.found(installation, data);
        Map<String, String> tokens = SampleShop.tokens(installation, data, "ann");
        try (Receiver receiver = new Receiver()) {
            receiver.answer = 503;
            try (ServerProcess server = ServerProcess.start(Main.class, List.of(), data, NETWORKS)) {
                Api api = new Api(server.url(), tokens);
                Map<String, Object> wish =
                        Map.of("name", "chat", "url", receiver.url().toString(), "types", List.of("change.opened"));
                assertThat(api.post("ann", "/api/v1/webhooks", wish).status()).isEqualTo(201);
                assertThat(api.open("ann", SampleShop.change("more")).status()).isEqualTo(201);
                Awaitility.await("tried").atMost(ServerProcess.PATIENCE).until(() -> !receiver.received.isEmpty());
            }
            int before = receiver.received.size();
            receiver.answer = 204;

            try (Program.Running running = installation.serve(Program.Serve.locally(data))) {
                assertThat(running.readOnlyReason()).isEmpty();
                Awaitility.await("sent again")
                        .atMost(ServerProcess.PATIENCE)
                        .until(() -> receiver.received.size() > before);
            }

            assertThat(receiver.received)
                    .extracting(message -> message.headers().get("webhook-id"))
                    .containsOnly(receiver.received.get(0).headers().get("webhook-id"));
            assertThat(receiver.received)
                    .extracting(Receiver.Received::body)
                    .containsOnly(receiver.received.get(0).body());
        }
    }
}
