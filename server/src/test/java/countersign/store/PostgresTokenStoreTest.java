package countersign.store;

import countersign.account.TokenStore;
import countersign.account.TokenStoreContract;
import org.junit.jupiter.api.AfterEach;

final class PostgresTokenStoreTest extends TokenStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected TokenStore store() {
        return new JdbcTokenStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
