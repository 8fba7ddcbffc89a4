package countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.EventStore;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.change.store.ChangeStoreContract;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JdbcChangeStoreTest extends ChangeStoreContract {
    private static final int CHANGES = 1_000;

    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());
    private final JdbcEventStore events = new JdbcEventStore(database, new Random(1));

    @Override
    protected ChangeStore store() {
        return new JdbcChangeStore(database, events);
    }

    @Override
    protected EventStore events() {
        return events;
    }

    @AfterEach
    void closes() {
        database.close();
    }

    @Test
    void a_look_up_reads_what_it_returns_however_many_changes_there_are() {
        JdbcChangeStore store = new JdbcChangeStore(database, events);
        for (int number = 1; number <= CHANGES; number++) {
            ChangeState state = number % 100 == 0 ? ChangeState.REVIEW : ChangeState.CONFIRMED;
            Change change = change(number, "2026-11-21/change-" + number, state);
            store.save(change);
        }

        assertThat(rowsRead("where number < 500 order by number desc limit 10")).isLessThan(15);
        assertThat(rowsRead("where state = 'confirmed' and number < 500 order by state desc, number desc limit 10"))
                .isLessThan(15);
        assertThat(rowsRead("where name = 'change-500' order by number desc limit 1"))
                .isLessThan(5);
    }

    private int rowsRead(String condition) {
        List<String> plans = database.list(
                row -> row.getString(1), "explain analyze select number, title from change_projection " + condition);
        Matcher scanned = Pattern.compile("scanCount: (\\d+)").matcher(plans.get(0));
        assertThat(scanned.find()).as(plans.get(0)).isTrue();
        return Integer.parseInt(scanned.group(1));
    }
}
