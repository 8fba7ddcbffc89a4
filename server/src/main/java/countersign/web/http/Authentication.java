package countersign.web.http;

import countersign.account.Caller;
import countersign.account.Token;
import countersign.account.Tokens;
import countersign.codec.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who sends a request from its {@code Authorization} header. Thread-safe. */
public final class Authentication {
    static final String GIT = "/git/";

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final int MAX_HEADER = 1024;

    private final Tokens tokens;

    public Authentication(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The caller of a path: to Git by a password too, elsewhere only by a bearer token. */
    public Caller caller(String path, @Nullable String header) {
        return path.startsWith(GIT) ? byBearerOrPassword(header) : byBearer(header);
    }

    /**
     * The caller with this bearer token, if that can be told at once and without asking the store; empty does not say that
     * there is none. Never waits.
     */
    public Optional<Caller> callerFromMemory(@Nullable String header) {
        return header != null && isBearer(header)
                ? tokens.verifyFromMemory(token(header)).map(Caller.Known::new)
                : Optional.empty();
    }

    /** Whether the caller of a request that goes on would be known again. */
    public boolean isStanding(Caller caller) {
        return !(caller instanceof Caller.Known known) || tokens.stands(known.token());
    }

    /** By a bearer token. A browser never sends one by itself, so no other site can make it call. */
    private Caller byBearer(@Nullable String header) {
        if (header == null) {
            return new Caller.Anonymous();
        }
        if (!isBearer(header)) {
            throw refused();
        }
        return known(tokens.verify(token(header)));
    }

    private static boolean isBearer(String header) {
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length()) && header.length() <= MAX_HEADER;
    }

    private static String token(String header) {
        return header.substring(BEARER.length()).strip();
    }

    /** By a bearer token, or as Git sends it: the person as user, the token as password. */
    private Caller byBearerOrPassword(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return byBearer(header);
        }
        if (header.length() > MAX_HEADER) {
            throw refused();
        }
        String pair = decode(header.substring(BASIC.length()).strip());
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw refused();
        }
        String person = pair.substring(0, colon);
        return known(tokens.verify(pair.substring(colon + 1))
                .filter(token -> token.person().equals(person)));
    }

    private static Caller known(Optional<Token> token) {
        return new Caller.Known(token.orElseThrow(Authentication::refused));
    }

    private static String decode(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw refused();
        }
    }

    private static Refusal refused() {
        return new Refusal(
                "not-authenticated",
                "the token is malformed, unknown, revoked, expired, or another person's",
                "ask for a new one");
    }
}
