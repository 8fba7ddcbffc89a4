package countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.account.Scope;
import countersign.account.Tokens;
import countersign.codec.Refusal;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PostgresTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final Tokens.Wish WISH = new Tokens.Wish("ann", "laptop", Set.of(Scope.READ), Duration.ofDays(1));

    private final DatabaseAddress address = PostgresServer.newDatabase();

    @Test
    void what_was_written_is_there_after_opening_again() {
        Tokens.Issued issued;
        try (Database database = Database.open(address)) {
            issued = new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom()).issue(WISH);
        }

        try (Database database = Database.open(address)) {
            Tokens tokens = new Tokens(new JdbcTokenStore(database), NOON, new SecureRandom());

            assertThat(tokens.verify(issued.secret())).contains(issued.token());
        }
    }

    @Test
    void several_servers_that_open_an_empty_database_at_once_all_succeed() throws Exception {
        ExecutorService servers = Executors.newFixedThreadPool(3);
        List<Future<Database>> opened = IntStream.range(0, 3)
                .mapToObj(server -> servers.submit(() -> Database.open(address)))
                .toList();

        for (Future<Database> database : opened) {
            database.get().close();
        }
        servers.shutdown();
    }

    @Test
    void a_wrong_password_is_told_without_showing_any() {
        DatabaseAddress wrong = new DatabaseAddress(address.url(), address.user(), "battery staple");

        assertThatThrownBy(() -> Database.open(wrong))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(address.url())
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("battery staple");
    }

    @Test
    void a_password_in_the_address_is_refused_and_not_repeated() {
        assertThatThrownBy(() -> new DatabaseAddress(address.url() + "?user=ann&Password=hunter2", null, null))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.rule()).isEqualTo("password-in-address");
                    assertThat(refusal).hasMessageNotContaining("hunter2");
                });
    }

    @Test
    void another_kind_of_database_is_refused() {
        assertThatThrownBy(() -> new DatabaseAddress("jdbc:mysql://db.example/shop", null, null))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("database-not-supported"));
    }
}
