package countersign.account;

import countersign.signing.password.PasswordHash;
import java.util.Optional;

/** Keeps a password hash for each person who has one. Thread-safe. */
public interface PasswordStore {
    Optional<PasswordHash> find(String person);

    /** Keeps the hash in the place of an older one. */
    void save(String person, PasswordHash hash);

    /** Forgets the person's; false if there was none. */
    boolean delete(String person);
}
