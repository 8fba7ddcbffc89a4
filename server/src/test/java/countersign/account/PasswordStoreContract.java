package countersign.account;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.signing.password.PasswordHash;
import org.junit.jupiter.api.Test;

/** What every keeper of passwords promises. */
public abstract class PasswordStoreContract {
    private static final PasswordHash FIRST = hash('A');
    private static final PasswordHash SECOND = hash('B');

    protected abstract PasswordStore store();

    @Test
    void the_last_hash_that_was_kept_for_a_person_is_found() {
        PasswordStore store = store();

        store.save("ann", FIRST);
        store.save("bob", FIRST);
        store.save("ann", SECOND);

        assertThat(store.find("ann")).contains(SECOND);
        assertThat(store.find("bob")).contains(FIRST);
        assertThat(store.find("carol")).isEmpty();
    }

    @Test
    void a_hash_that_was_deleted_is_gone() {
        PasswordStore store = store();
        store.save("ann", FIRST);

        assertThat(store.delete("ann")).isTrue();
        assertThat(store.delete("ann")).isFalse();
        assertThat(store.find("ann")).isEmpty();
    }

    private static PasswordHash hash(char filling) {
        String letter = Character.toString(filling);
        return new PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$" + letter.repeat(22) + "$" + letter.repeat(43));
    }
}
