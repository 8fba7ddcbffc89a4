package countersign.store;

import countersign.notify.WebhookStore;
import countersign.notify.WebhookStoreContract;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

final class JdbcWebhookStoreTest extends WebhookStoreContract {
    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());

    @Override
    protected WebhookStore store() {
        return new JdbcWebhookStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
