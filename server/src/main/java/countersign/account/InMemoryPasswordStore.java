package countersign.account;

import countersign.signing.password.PasswordHash;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Passwords in memory. Thread-safe by its map. */
public final class InMemoryPasswordStore implements PasswordStore {
    private final Map<String, PasswordHash> hashes = new ConcurrentHashMap<>();

    @Override
    public Optional<PasswordHash> find(String person) {
        return Optional.ofNullable(hashes.get(person));
    }

    @Override
    public void save(String person, PasswordHash hash) {
        hashes.put(person, hash);
    }

    @Override
    public boolean delete(String person) {
        return hashes.remove(person) != null;
    }
}
