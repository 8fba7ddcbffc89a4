package countersign.store;

import countersign.account.PasswordStore;
import countersign.signing.password.PasswordHash;
import java.util.Optional;

/** Password hashes in SQL. Thread-safe: all state is the database's, and one thread of a process saves at a time. */
public final class JdbcPasswordStore implements PasswordStore {
    private final Database database;

    public JdbcPasswordStore(Database database) {
        this.database = database;
    }

    @Override
    public Optional<PasswordHash> find(String person) {
        return database.find(
                row -> new PasswordHash(row.getString("hash")), "select hash from password where person = ?", person);
    }

    @Override
    public synchronized void save(String person, PasswordHash hash) {
        if (database.update("update password set hash = ? where person = ?", hash.text(), person) == 0) {
            database.update("insert into password (person, hash) values (?, ?)", person, hash.text());
        }
    }

    @Override
    public boolean delete(String person) {
        return database.update("delete from password where person = ?", person) > 0;
    }
}
