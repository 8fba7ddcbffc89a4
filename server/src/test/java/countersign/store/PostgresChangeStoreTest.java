package countersign.store;

import countersign.change.store.ChangeStore;
import countersign.change.store.ChangeStoreContract;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

final class PostgresChangeStoreTest extends ChangeStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected ChangeStore store() {
        return new JdbcChangeStore(database, new JdbcEventStore(database, new Random(1)));
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
