package countersign.account;

import countersign.codec.Sha256;
import java.util.List;
import java.util.Optional;

/** Keeps tokens, of their secrets only the digest. Thread-safe. */
public interface TokenStore {
    /** Keeps a token with a new id. */
    void save(Kept kept);

    Optional<Kept> find(String id);

    /** A person's tokens, expired ones too, newest first. */
    List<Token> list(String person);

    /** Everybody's tokens, expired ones too, newest first. */
    List<Token> list();

    /** Forgets the token; false if there was none. */
    boolean delete(String id);

    /**
     * A token as it is kept.
     *
     * @param token what is known of it
     * @param secret SHA-256 of its secret, which has 256 random bits
     */
    record Kept(Token token, Sha256 secret) {}
}
