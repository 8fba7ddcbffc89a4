package countersign.store;

import countersign.change.store.ChangeStore;
import countersign.change.store.ChangeStoreContract;
import org.junit.jupiter.api.AfterEach;

final class PostgresChangeStoreTest extends ChangeStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected ChangeStore store() {
        return new JdbcChangeStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
