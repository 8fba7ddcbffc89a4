package countersign.store;

import countersign.history.HistoryStore;
import countersign.history.HistoryStoreContract;
import org.junit.jupiter.api.AfterEach;

final class PostgresHistoryStoreTest extends HistoryStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected HistoryStore store() {
        return new JdbcHistoryStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
