package countersign.store;

import countersign.notify.WebhookStore;
import countersign.notify.WebhookStoreContract;
import org.junit.jupiter.api.AfterEach;

final class PostgresWebhookStoreTest extends WebhookStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected WebhookStore store() {
        return new JdbcWebhookStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
