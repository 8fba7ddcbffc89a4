package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.cli.data.Program;
import countersign.data.DataCopy;
import countersign.log.Faults;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose database lost tables in a crash starts, and answers as before. */
final class DamagedDatabaseTest {
    private static final String CHANGE = "/api/v1/changes/greet";

    private static final Installation INSTALLATION =
            new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom()));

    @TempDir
    private static Path once;

    private static Map<String, String> tokens;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"event", "change_projection", "change_vote", "log_anchor", "history_fact"})
    void a_projection_that_is_gone_is_computed_again_and_tokens_still_open_the_door(String table) throws Exception {
        drop(table);

        try (Program.Running running = ServeOnPostgresTest.serve(INSTALLATION, folder)) {
            Api api = new Api(running.url(), tokens);
            assertThat(running.readOnlyReason()).isEmpty();
            assertThat(api.get("ann", CHANGE).json()).containsEntry("number", 1L);
            assertThat((List<?>) api.get("ann", CHANGE + "/votes").json().get("items"))
                    .hasSize(1);
            assertThat(api.post("ann", CHANGE + "/merge", Map.of()).status()).isEqualTo(200);
        }
    }

    @Test
    void tokens_that_are_gone_open_nothing() throws Exception {
        drop("token");

        try (Program.Running running = ServeOnPostgresTest.serve(INSTALLATION, folder)) {
            Api api = new Api(running.url(), tokens);
            assertThat(running.readOnlyReason()).isEmpty();
            assertThat(api.get("ann", CHANGE).status()).isEqualTo(401);
        }
    }

    /** A change that is open and approved. */
    @BeforeAll
    static void play() {
        tokens = ServeOnPostgresTest.found(INSTALLATION, once);
        try (Program.Running running = ServeOnPostgresTest.serve(INSTALLATION, once)) {
            Api api = new Api(running.url(), tokens);
            assertThat(api.open("ann", ServeOnPostgresTest.CHANGE).status()).isEqualTo(201);
            assertThat(api.vote("carol", Shop.key("carol"), "greet", "approve", "approver")
                            .status())
                    .isEqualTo(201);
        }
    }

    @BeforeEach
    void copy_what_was_played() {
        DataCopy.copy(once.resolve("data"), folder.resolve("data"));
    }

    private void drop(String table) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("data/db/countersign"));
                Statement statement = connection.createStatement()) {
            statement.execute("drop table " + table);
        }
    }
}
