package countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.change.event.EventStore;
import countersign.change.event.EventStoreContract;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JdbcEventStoreTest extends EventStoreContract {
    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());

    @Override
    protected EventStore store() {
        return new JdbcEventStore(database, new Random(1));
    }

    @AfterEach
    void closes() {
        database.close();
    }

    @Test
    void the_stream_goes_on_where_it_was_when_it_is_opened_again() {
        EventStore before = store();
        before.append(happenings("one", "two"));
        before.drop(1);

        EventStore after = new JdbcEventStore(database, new Random(2));
        after.append(happenings("three"));

        assertThat(after.stream()).isEqualTo(before.stream());
        assertThat(after.dropped()).isEqualTo(1);
        assertThat(after.newest()).isEqualTo(3);
    }

    @Test
    void work_that_is_not_kept_tells_nothing_and_takes_no_place() {
        JdbcEventStore store = new JdbcEventStore(database, new Random(1));

        boolean kept = store.together(connection -> false, happenings("one"));
        assertThatThrownBy(() -> store.together(
                        connection -> {
                            throw new java.sql.SQLException("disk full");
                        },
                        happenings("two")))
                .isInstanceOf(IllegalStateException.class);
        store.append(happenings("three"));

        assertThat(kept).isFalse();
        assertThat(store.list(0, 10)).extracting(event -> event.change()).containsExactly("three");
        assertThat(store.newest()).isEqualTo(1);
    }
}
