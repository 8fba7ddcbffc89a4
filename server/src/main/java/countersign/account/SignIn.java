package countersign.account;

import countersign.codec.Refusal;
import java.util.Set;

/**
 * The ways in by password. A session is a token called {@value #SESSION} with every scope but {@code admin} and {@code audit}; a new password
 * ends the sessions that the old one opened. Thread-safe.
 */
public final class SignIn {
    /** Name of the tokens that are sessions. */
    public static final String SESSION = "session";

    private static final Set<Scope> SCOPES = Scope.WORKING;

    private final Passwords passwords;
    private final Tokens tokens;
    private final Authorisation authorisation;

    public SignIn(Passwords passwords, Tokens tokens, Authorisation authorisation) {
        this.passwords = passwords;
        this.tokens = tokens;
        this.authorisation = authorisation;
    }

    /**
     * Who wants in.
     *
     * @param person who they say they are
     * @param password what proves it
     * @param network where the request comes from
     */
    public record Attempt(String person, String password, String network) {
        /** Not the password. */
        @Override
        public String toString() {
            return person + " from " + network;
        }
    }

    /** A new session; refused as {@link Passwords#require} says. */
    public Tokens.Issued open(Attempt attempt) {
        passwords.require(attempt.person(), attempt.password(), attempt.network());
        return tokens.issue(new Tokens.Wish(attempt.person(), SESSION, SCOPES, Passwords.SESSION));
    }

    /**
     * Sets somebody's password: one's own by proving the present one, for a token may be stolen; anybody's with the scope
     * {@code admin}.
     *
     * @param present whose it is, with the present password; empty if the caller names none
     */
    public void change(Caller caller, Attempt present, String next) {
        if (caller.person().equals(present.person()) && !present.password().isEmpty()) {
            authorisation.require(caller, Action.OWN_TOKENS);
            passwords.require(present.person(), present.password(), present.network());
        } else {
            authorisation.require(caller, Action.ADMINISTER);
        }
        passwords.set(present.person(), next);
        endSessions(tokens, present.person());
    }

    /** Takes somebody's password and sessions away; only for an administrator. */
    public void clear(Caller caller, String person) {
        authorisation.require(caller, Action.ADMINISTER);
        passwords.clear(person);
        endSessions(tokens, person);
    }

    /** Revokes the tokens that are a person's sessions. */
    public static void endSessions(Tokens tokens, String person) {
        tokens.list(person).stream()
                .filter(token -> token.name().equals(SESSION))
                .forEach(token -> end(tokens, token));
    }

    /** One that was revoked meanwhile is over too. */
    private static void end(Tokens tokens, Token token) {
        try {
            tokens.revoke(token.id());
        } catch (Refusal gone) {
            if (!gone.rule().equals("no-such-token")) {
                throw gone;
            }
        }
    }
}
