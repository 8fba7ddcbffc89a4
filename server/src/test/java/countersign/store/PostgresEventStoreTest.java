package countersign.store;

import countersign.change.event.EventStore;
import countersign.change.event.EventStoreContract;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

final class PostgresEventStoreTest extends EventStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected EventStore store() {
        return new JdbcEventStore(database, new Random(1));
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
