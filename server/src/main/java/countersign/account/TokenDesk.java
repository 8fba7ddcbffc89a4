package countersign.account;

import countersign.codec.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Lets people see, issue and revoke tokens: everybody their own, who has the scope {@code admin} everybody's. A token
 * makes no token that can do more or lives longer than itself. Thread-safe.
 */
public final class TokenDesk {
    private final Tokens tokens;
    private final Authorisation authorisation;
    private final InstantSource clock;

    public TokenDesk(Tokens tokens, Authorisation authorisation, InstantSource clock) {
        this.tokens = tokens;
        this.authorisation = authorisation;
        this.clock = clock;
    }

    /** A person's tokens, newest first; somebody else's only for an administrator. */
    public List<Token> list(Caller caller, String person) {
        requireMine(caller, person);
        return tokens.list(person);
    }

    /** Everybody's tokens, newest first; only for an administrator. */
    public List<Token> listAll(Caller caller) {
        authorisation.require(caller, Action.ADMINISTER);
        return tokens.list();
    }

    /** A new token; a Refusal {@code token-too-wide} if it could do more than the caller's own. */
    public Tokens.Issued issue(Caller caller, Tokens.Wish wish) {
        requireMine(caller, wish.person());
        if (caller instanceof Caller.Known known && !isAdministrator(known)) {
            requireNarrower(wish, known.token());
        }
        return tokens.issue(wish);
    }

    /** Revokes a token; somebody else's is a Refusal {@code no-such-token} but for an administrator. */
    public void revoke(Caller caller, String id) {
        authorisation.require(caller, Action.OWN_TOKENS);
        boolean mine = tokens.get(id).person().equals(caller.person());
        if (!mine && !(caller instanceof Caller.Known known && isAdministrator(known))) {
            throw new Refusal("no-such-token", "there is no token " + id);
        }
        tokens.revoke(id);
    }

    private void requireMine(Caller caller, String person) {
        boolean mine = caller.person().equals(person);
        authorisation.require(caller, mine ? Action.OWN_TOKENS : Action.ADMINISTER);
    }

    private void requireNarrower(Tokens.Wish wish, Token own) {
        Set<Scope> beyond = EnumSet.copyOf(wish.scopes());
        beyond.removeAll(own.scopes());
        if (!beyond.isEmpty()) {
            throw new Refusal(
                    "token-too-wide",
                    "the new token would have " + labels(beyond) + ", yours has " + labels(own.scopes()),
                    "ask an administrator");
        }
        Instant end = clock.instant().plus(wish.lifetime());
        if (end.isAfter(own.expires())) {
            Duration left = Duration.between(clock.instant(), own.expires());
            throw new Refusal(
                    "token-too-wide",
                    "the new token would live for " + wish.lifetime() + ", yours has " + left + " left",
                    "ask an administrator");
        }
    }

    private static boolean isAdministrator(Caller.Known caller) {
        return caller.token().scopes().contains(Scope.ADMIN);
    }

    private static List<String> labels(Set<Scope> scopes) {
        return scopes.stream().map(Scope::label).sorted().toList();
    }
}
