package countersign.account;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Issues, verifies and revokes tokens of the form {@code cst_<id>_<secret>}. Thread-safe: what it remembers of the store
 * is in a concurrent map. A token that is revoked here counts
 * no more from then on; one revoked by another process counts for at most {@link #REMEMBERED} more.
 */
public final class Tokens {
    public static final Duration MAX_LIFETIME = Duration.ofDays(366);

    /** For how long a token that was found is not looked up again. */
    static final Duration REMEMBERED = Duration.ofSeconds(5);

    /** How many tokens are remembered at most. */
    private static final int MOST = 10_000;

    private static final String PREFIX = "cst_";
    private static final int ID_END = PREFIX.length() + 16;
    private static final int LENGTH = ID_END + 1 + 64;

    private final TokenStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    /** @param random a source that nobody can predict */
    public Tokens(TokenStore store, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What somebody asks for.
     *
     * @param person who will act with it
     * @param name what to call it
     * @param scopes what it may do, at least one
     * @param lifetime how long, at least a second and at most {@link Tokens#MAX_LIFETIME}
     */
    public record Wish(String person, String name, Set<Scope> scopes, Duration lifetime) {
        public Wish {
            scopes = Set.copyOf(scopes);
            if (scopes.isEmpty()) {
                throw new Refusal("token-without-scope", "a token needs at least one scope");
            }
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
                throw new Refusal(
                        "lifetime-out-of-range", "a token lives for PT1S to " + MAX_LIFETIME + ", asked: " + lifetime);
            }
        }
    }

    /**
     * A new token with its secret, which is nowhere else and can't be had again.
     *
     * @param token the token
     * @param secret the text that its owner sends
     */
    public record Issued(Token token, String secret) {
        /** The token alone. */
        @Override
        public String toString() {
            return token.toString();
        }
    }

    public Issued issue(Wish wish) {
        String id = randomHex(8);
        String secret = randomHex(32);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Token token = new Token(id, wish.person(), wish.name(), wish.scopes(), now, now.plus(wish.lifetime()));
        store.save(new TokenStore.Kept(token, digest(secret)));
        return new Issued(token, "cst_" + id + "_" + secret);
    }

    /** The token that belongs to the text; empty if it is malformed, unknown, revoked or expired. */
    public Optional<Token> verify(String text) {
        if (!isWellFormed(text)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return find(id(text), now).flatMap(kept -> opened(kept, text, now));
    }

    /** The token that belongs to the text, found without asking the store; empty also if only the store knows. */
    public Optional<Token> verifyFromMemory(String text) {
        if (!isWellFormed(text)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Remembered known = remembered.get(id(text));
        return known != null && now.isBefore(known.until) ? opened(known.kept, text, now) : Optional.empty();
    }

    /** Whether a token that was verified before still counts: it is neither revoked nor expired. */
    public boolean stands(Token token) {
        Instant now = clock.instant();
        return token.countsAt(now)
                && find(token.id(), now)
                        .filter(kept -> kept.token().equals(token))
                        .isPresent();
    }

    /** The token with this id, or a Refusal {@code no-such-token}. */
    public Token get(String id) {
        return store.find(id).map(TokenStore.Kept::token).orElseThrow(() -> unknown(id));
    }

    /** The token counts no more from now on; a Refusal {@code no-such-token} if there is none. */
    public void revoke(String id) {
        if (!store.delete(id)) {
            throw unknown(id);
        }
        remembered.remove(id);
    }

    /** A person's tokens, expired ones too, newest first. */
    public List<Token> list(String person) {
        return store.list(person);
    }

    /** Everybody's tokens, expired ones too, newest first. */
    public List<Token> list() {
        return store.list();
    }

    /** Looked up and remembered in one step, so that whoever revokes meanwhile makes it forgotten. */
    private Optional<TokenStore.Kept> find(String id, Instant now) {
        Remembered known = remembered.get(id);
        if (known != null && now.isBefore(known.until)) {
            return Optional.of(known.kept);
        }
        if (remembered.size() >= MOST) {
            remembered.clear();
        }
        return Optional.ofNullable(remembered.compute(id, (key, before) -> lookUp(id, now)))
                .map(Remembered::kept);
    }

    private @Nullable Remembered lookUp(String id, Instant now) {
        return store.find(id)
                .map(kept -> new Remembered(kept, now.plus(REMEMBERED)))
                .orElse(null);
    }

    private static Optional<Token> opened(TokenStore.Kept kept, String text, Instant now) {
        byte[] claimed = digest(text.substring(ID_END + 1)).bytes();
        boolean counts = MessageDigest.isEqual(kept.secret().bytes(), claimed)
                && kept.token().countsAt(now);
        return counts ? Optional.of(kept.token()) : Optional.empty();
    }

    private static boolean isWellFormed(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX) || text.charAt(ID_END) != '_') {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (!digit && i != ID_END) {
                return false;
            }
        }
        return true;
    }

    private static String id(String text) {
        return text.substring(PREFIX.length(), ID_END);
    }

    private String randomHex(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private static Sha256 digest(String secret) {
        return Sha256.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    private static Refusal unknown(String id) {
        return new Refusal("no-such-token", "there is no token " + id);
    }

    private record Remembered(TokenStore.Kept kept, Instant until) {}
}
