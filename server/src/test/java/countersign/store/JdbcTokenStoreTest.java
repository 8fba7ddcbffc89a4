package countersign.store;

import countersign.account.TokenStore;
import countersign.account.TokenStoreContract;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

final class JdbcTokenStoreTest extends TokenStoreContract {
    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());

    @Override
    protected TokenStore store() {
        return new JdbcTokenStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
