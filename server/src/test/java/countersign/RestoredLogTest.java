package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.log.Faults;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record log and the repository were put back from a backup, the database was not. */
final class RestoredLogTest {
    private final Installation installation =
            new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom()));

    @TempDir
    private Path folder;

    @Test
    void the_server_answers_from_the_log_that_is_there() throws Exception {
        Map<String, String> tokens = ServeOnPostgresTest.found(installation, folder);
        Path data = folder.resolve("data");
        try (Program.Running running = ServeOnPostgresTest.serve(installation, folder)) {
            Api api = new Api(running.url(), tokens);
            assertThat(api.open("ann", ServeOnPostgresTest.CHANGE).status()).isEqualTo(201);
            vote(api, "carol", "approve");
        }
        installation.backup(data, folder.resolve("backup"));
        try (Program.Running running = ServeOnPostgresTest.serve(installation, folder)) {
            vote(new Api(running.url(), tokens), "carol", "withdraw");
        }

        for (String part : List.of("log", "repository.git")) {
            ServedShop.run(folder, "rm", "-r", data.resolve(part).toString());
            ServedShop.run(folder, "cp", "-r", "backup/" + part, data.toString());
        }

        assertThat(data.resolve("db")).isDirectory();
        try (Program.Running running = ServeOnPostgresTest.serve(installation, folder)) {
            assertThat(running.readOnlyReason()).isEmpty();
            Api api = new Api(running.url(), tokens);
            Api.Answer votes = api.get("ann", "/api/v1/changes/greet/votes");
            assertThat((List<?>) votes.json().get("items")).as(votes.text()).hasSize(1);
        }
    }

    private static void vote(Api api, String person, String decision) {
        Api.Answer answer = api.vote(person, Shop.key(person), "greet", decision, "approver");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }
}
