package countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.EventStore;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.change.store.ChangeStoreContract;
import countersign.manifest.Unit;
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

    @Test
    void failures_at_a_system_are_found_without_a_look_at_those_elsewhere() {
        JdbcChangeStore store = new JdbcChangeStore(database, new JdbcEventStore(database, new Random(1)));
        for (int number = 1; number <= 10; number++) {
            Unit unit = new Unit("web", number == 5 ? "storefront" : "basket");
            store.save(change(number, "2026-11-21/change-" + number, ChangeState.FAILED)
                    .withOutcome(new Change.UnitOutcome(unit, "failed", number, null)));
        }

        int unreadable = database.update("update change_projection set units = 'unreadable' where number <> 5");

        assertThat(unreadable).isEqualTo(9);
        assertThat(store.failedAt("storefront")).extracting(Change::number).containsExactly(5L);
        assertThat(store.failedAt("checkout")).isEmpty();
    }

    private int rowsRead(String condition) {
        List<String> plans = database.list(
                row -> row.getString(1), "explain analyze select number, title from change_projection " + condition);
        Matcher scanned = Pattern.compile("scanCount: (\\d+)").matcher(plans.get(0));
        assertThat(scanned.find()).as(plans.get(0)).isTrue();
        return Integer.parseInt(scanned.group(1));
    }
}
