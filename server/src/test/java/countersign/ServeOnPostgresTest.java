package countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.codec.Refusal;
import countersign.log.Faults;
import countersign.store.DatabaseAddress;
import countersign.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose database is PostgreSQL. */
final class ServeOnPostgresTest {
    private static final String NAME = "greet";
    static final Map<String, String> CHANGE =
            Map.of("docs/greeting.md", "hello\n", "changes/2026-11-21/" + NAME + ".yaml", """
            apiVersion: countersign.dev/v1
            kind: ChangeRequest
            metadata:
              name: greet
            spec:
              title: Greet
              type: normal
              reason: Politeness.
              requester: ann
              contact: ann
              maintenanceType: preventive
              plan: {scope: a note, steps: [merge], risk: none}
              test: {plan: read it}
              backout: {plan: roll back}
              securityImpact: none
            """);

    private final DatabaseAddress address = PostgresServer.newDatabase();

    @TempDir
    private Path folder;

    @Test
    void changes_votes_and_tokens_are_kept_in_postgres_and_none_in_the_folder() throws Exception {
        Path secret = Files.writeString(folder.resolve("password"), PostgresServer.PASSWORD + "\n");
        Installation installation = installation(Map.of(
                "COUNTERSIGN_DATABASE", address.url(),
                "COUNTERSIGN_DATABASE_USER", PostgresServer.USER,
                "COUNTERSIGN_DATABASE_PASSWORD_FILE", secret.toString()));
        Map<String, String> tokens = found(installation, folder);

        try (Program.Running running = serve(installation, folder)) {
            Api api = new Api(running.url(), tokens);
            assertThat(api.open("ann", CHANGE).status()).isEqualTo(201);
            assertThat(api.vote("carol", Shop.key("carol"), NAME, "approve", "approver")
                            .status())
                    .isEqualTo(201);
        }

        try (Program.Running running = serve(installation, folder)) {
            Api api = new Api(running.url(), tokens);
            assertThat(running.readOnlyReason()).isEmpty();
            assertThat(api.get("ann", "/api/v1/changes/" + NAME).json()).containsEntry("number", 1L);
            assertThat((List<?>) api.get("ann", "/api/v1/changes/" + NAME + "/votes")
                            .json()
                            .get("items"))
                    .hasSize(1);
        }
        assertThat(folder.resolve("data/db")).doesNotExist();
    }

    @Test
    void two_ways_to_say_the_password_are_one_too_many() {
        Installation installation = installation(Map.of(
                "COUNTERSIGN_DATABASE",
                address.url(),
                "COUNTERSIGN_DATABASE_PASSWORD",
                PostgresServer.PASSWORD,
                "COUNTERSIGN_DATABASE_PASSWORD_FILE",
                "/nowhere"));

        assertThatThrownBy(() -> found(installation, folder))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("two-passwords"));
    }

    static Map<String, String> found(Installation installation, Path folder) {
        SampleShop.found(installation, folder.resolve("data"));
        return SampleShop.tokens(installation, folder.resolve("data"), "ann", "carol");
    }

    static Program.Running serve(Installation installation, Path folder) {
        return installation.serve(Program.Serve.locally(folder.resolve("data")));
    }

    private static Installation installation(Map<String, String> variables) {
        return new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom(), variables));
    }
}
