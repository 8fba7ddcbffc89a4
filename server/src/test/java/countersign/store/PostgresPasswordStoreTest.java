package countersign.store;

import countersign.account.PasswordStore;
import countersign.account.PasswordStoreContract;
import org.junit.jupiter.api.AfterEach;

final class PostgresPasswordStoreTest extends PasswordStoreContract {
    private final Database database = Database.open(PostgresServer.newDatabase());

    @Override
    protected PasswordStore store() {
        return new JdbcPasswordStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
