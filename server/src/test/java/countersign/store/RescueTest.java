package countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.account.Scope;
import countersign.account.Tokens;
import countersign.codec.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose schema is not what it says: it is made anew, and keeps what nobody could compute again. */
final class RescueTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final Set<String> COMPUTED = Set.of(
            "change_projection",
            "change_vote",
            "change_projected",
            "key_revocation",
            "emergency_merge",
            "recovery_merge",
            "stop_order",
            "change_failure",
            "log_anchor",
            "history_merge",
            "history_fact",
            "history_indexed",
            "event_stream",
            "event",
            "webhook_reached");

    @TempDir
    private Path parent;

    @Test
    void of_every_table_it_is_known_whether_it_can_be_computed_again() {
        Set<String> all = new TreeSet<>(COMPUTED);
        all.addAll(Rescue.KEPT);

        assertThat(Schema.tables()).isEqualTo(all);
    }

    @Test
    void a_database_that_lost_a_projection_keeps_tokens_and_texts_to_the_letter() throws SQLException {
        Tokens.Issued issued = found();
        run(
                "insert into comment (id, opened, name, thread, revision, person, created_at, body, edits) values"
                        + " (7, '2026-11-21', 'greet', 7, 'r', 'ann', '2026-11-21 10:00:00+01', 'Why? \u597d', 0)",
                "drop table event");

        try (Database database = Database.openFile(folder())) {
            assertThat(tokens(database).verify(issued.secret())).contains(issued.token());
            assertThat(database.list(row -> row.getString(1), "select body from comment"))
                    .containsExactly("Why? \u597d");
            assertThat(database.list(row -> row.getLong(1), "select count(*) from event"))
                    .containsExactly(0L);
        }
        assertThat(parent.resolve("db.damaged-1/countersign.mv.db")).isNotEmptyFile();
        assertThat(parent.resolve("db.made")).doesNotExist();
    }

    @Test
    void a_migration_that_a_kill_left_half_done_is_no_dead_end() throws SQLException {
        Tokens.Issued issued = found();
        run("delete from \"flyway_schema_history\" where \"version\" = '14'");

        try (Database database = Database.openFile(folder())) {
            assertThat(tokens(database).verify(issued.secret())).contains(issued.token());
        }
    }

    @Test
    void a_kept_table_that_is_gone_does_not_take_the_others_with_it() throws SQLException {
        Tokens.Issued issued = found();
        run("drop table comment", "drop table webhook");

        try (Database database = Database.openFile(folder())) {
            assertThat(tokens(database).verify(issued.secret())).contains(issued.token());
            assertThat(database.list(row -> row.getString(1), "select id from comment"))
                    .isEmpty();
        }
    }

    @Test
    void a_second_damage_leaves_what_was_put_aside_before() throws SQLException {
        found();
        run("drop table event");
        Database.openFile(folder()).close();
        run("drop table event");

        Database.openFile(folder()).close();

        assertThat(parent).isDirectoryContaining("glob:**/db.damaged-1").isDirectoryContaining("glob:**/db.damaged-2");
    }

    @Test
    void a_rescue_that_was_killed_between_its_two_moves_is_finished() throws IOException {
        Tokens.Issued issued = found();
        Files.move(folder(), parent.resolve("db.made"));

        try (Database database = Database.openFile(folder())) {
            assertThat(tokens(database).verify(issued.secret())).contains(issued.token());
        }
    }

    @Test
    void a_file_that_nobody_can_read_is_left_alone_and_named() throws IOException {
        found();
        Path file = folder().resolve("countersign.mv.db");
        Files.write(file, new byte[Math.toIntExact(Files.size(file))], StandardOpenOption.TRUNCATE_EXISTING);

        Refusal refused = catchThrowableOfType(Refusal.class, () -> Database.openFile(folder()));

        assertThat(refused.rule()).isEqualTo("database-unreadable");
        assertThat(refused).hasMessageContaining(folder().toString());
        assertThat(parent.resolve("db.damaged-1")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 30, 300})
    void a_process_that_is_killed_behind_its_migration_has_every_table(long millisBehind) throws Exception {
        Process process = start();
        await(process, "open");
        kill(process, millisBehind);

        try (Database database = Database.openFile(folder())) {
            assertThat(database.list(row -> row.getLong(1), "select count(*) from event"))
                    .hasSize(1);
        }
        assertThat(parent.resolve("db.damaged-1"))
                .as("nothing was to be mended")
                .doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {250, 400, 550, 700})
    void a_process_that_is_killed_while_it_migrates_is_started_again(long millisBehind) throws Exception {
        Process process = start();
        await(process, "running");
        kill(process, millisBehind);

        try (Database database = Database.openFile(folder())) {
            assertThat(tokens(database).list()).isEmpty();
        }
    }

    private Tokens.Issued found() {
        try (Database database = Database.openFile(folder())) {
            return tokens(database).issue(new Tokens.Wish("ann", "laptop", Set.of(Scope.READ), Duration.ofDays(1)));
        }
    }

    private static Tokens tokens(Database database) {
        return new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom());
    }

    private void run(String... statements) throws SQLException {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(Rescue.address(folder()));
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OpenUntilKilled.class.getName(),
                folder().toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void await(Process process, String word) throws IOException {
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        while (!word.equals(line)) {
            assertThat(line).as("before " + word).isNotNull();
            line = said.readLine();
        }
    }

    private static void kill(Process process, long millis) throws InterruptedException {
        boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        assertThat(ended).as("ended by itself").isFalse();
    }

    private Path folder() {
        return parent.resolve("db");
    }
}
