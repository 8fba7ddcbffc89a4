package countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.account.InMemoryTokenStore;
import countersign.account.Scope;
import countersign.account.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final Tokens.Wish WISH = new Tokens.Wish("ann", "laptop", Set.of(Scope.READ), Duration.ofDays(1));

    @TempDir
    private Path folder;

    @Test
    void what_was_written_is_there_after_opening_again() {
        Tokens.Issued issued;
        try (Database database = Database.openFile(folder)) {
            issued = new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom()).issue(WISH);
        }

        try (Database database = Database.openFile(folder)) {
            Tokens tokens = new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom());

            assertThat(tokens.verify(issued.secret())).contains(issued.token());
        }
    }

    @Test
    void it_keeps_as_much_of_itself_in_memory_however_large_the_heap_may_become() {
        try (Database database = Database.openFile(folder)) {
            assertThat(database.find(
                            row -> row.getInt(1),
                            "select setting_value from information_schema.settings"
                                    + " where setting_name = 'info.CACHE_MAX_SIZE'"))
                    .contains(32);
        }
    }

    @Test
    void no_file_of_the_database_holds_the_secret() throws IOException {
        Tokens.Issued issued;
        try (Database database = Database.openFile(folder)) {
            issued = new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom()).issue(WISH);
        }

        String secret = issued.secret().substring(issued.secret().lastIndexOf('_') + 1);
        String file = Files.readString(folder.resolve("countersign.mv.db"), StandardCharsets.ISO_8859_1);

        assertThat(file).contains(issued.token().id()).doesNotContain(secret);
    }

    @Test
    void both_stores_of_tokens_agree_on_a_token_in_use() {
        try (Database database = Database.openFile(folder)) {
            Tokens kept = new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom());
            Tokens remembered = new Tokens(new InMemoryTokenStore(), NOON, new SecureRandom());

            assertThat(kept.verify(remembered.issue(WISH).secret())).isEmpty();
            assertThat(remembered.verify(kept.issue(WISH).secret())).isEmpty();
        }
    }

    @Test
    void the_list_of_migrations_names_every_file_in_order() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("server/src/main/resources/db/migration"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .sorted(Comparator.comparing(
                                    name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))))
                    .containsExactly(Schema.MIGRATIONS);
        }
    }

    @Test
    void only_a_database_with_every_migration_from_the_same_text_is_current() throws SQLException {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:" + folder.resolve("schema"));
        assertThat(Schema.isCurrent(database)).isFalse();

        Schema.migrate(database);

        assertThat(Schema.isCurrent(database)).isTrue();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("update \"flyway_schema_history\" set \"checksum\" = \"checksum\" + 1");
        }
        assertThat(Schema.isCurrent(database)).isFalse();
    }
}
