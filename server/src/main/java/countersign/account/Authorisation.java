package countersign.account;

import countersign.codec.Refusal;
import java.util.function.Predicate;

/**
 * Decides whether who sends a request may do what it asks for. What a person may do to a path is no part of it: grants
 * are judged by the gate. Thread-safe.
 */
public final class Authorisation {
    private final Reading reading;
    private final Predicate<String> isPerson;

    /** Who may read. */
    public enum Reading {
        ANYBODY,
        TOKEN_HOLDERS
    }

    /** @param isPerson whether main's head has a person with this name; thread-safe */
    public Authorisation(Reading reading, Predicate<String> isPerson) {
        this.reading = reading;
        this.isPerson = isPerson;
    }

    /**
     * Returns if the caller may; a Refusal {@code not-authenticated}, {@code person-unknown} or {@code scope-missing}
     * otherwise.
     */
    public void require(Caller caller, Action action) {
        if (action.isOpen() || (action.isReading() && reading == Reading.ANYBODY)) {
            return;
        }
        String person = caller.person();
        if (!isPerson.test(person)) {
            throw new Refusal("person-unknown", "the token is " + person + "'s, who is no person of the repository");
        }
        if (!(caller instanceof Caller.Known known
                && action.isAllowedBy(known.token().scopes()))) {
            throw scopeMissing(caller, action);
        }
    }

    private static Refusal scopeMissing(Caller caller, Action action) {
        String held = caller instanceof Caller.Known known
                ? known.token().scopes().stream().map(Scope::label).toList().toString()
                : "[]";
        return new Refusal(
                "scope-missing",
                "to " + action.label() + " needs the scope "
                        + action.scopes().stream().map(Scope::label).sorted().toList() + ", the token has " + held,
                "use a token that has it");
    }
}
