package countersign.store;

import countersign.account.PasswordStore;
import countersign.account.PasswordStoreContract;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

final class JdbcPasswordStoreTest extends PasswordStoreContract {
    private final Database database = Database.open("jdbc:h2:mem:" + UUID.randomUUID());

    @Override
    protected PasswordStore store() {
        return new JdbcPasswordStore(database);
    }

    @AfterEach
    void closes() {
        database.close();
    }
}
