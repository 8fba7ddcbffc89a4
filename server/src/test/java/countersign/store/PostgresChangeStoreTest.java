package countersign.store;

import countersign.change.event.EventStore;
import countersign.change.store.ChangeStore;
import countersign.change.store.ChangeStoreContract;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

final class PostgresChangeStoreTest extends ChangeStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());
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
}
