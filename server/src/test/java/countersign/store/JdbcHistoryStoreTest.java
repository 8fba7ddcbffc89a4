package countersign.store;

import countersign.history.HistoryStore;
import countersign.history.HistoryStoreContract;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

final class JdbcHistoryStoreTest extends HistoryStoreContract {
    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());

    @Override
    protected HistoryStore store() {
        return new JdbcHistoryStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
