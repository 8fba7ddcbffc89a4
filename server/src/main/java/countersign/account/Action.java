package countersign.account;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a request asks for, and which scopes allow it: any one of them. */
public enum Action {
    /** Whether the server runs; open to everybody. */
    PROBE,
    /** Prove who one is by a password; open to everybody. */
    SIGN_IN,
    READ,
    CLONE,
    PUSH,
    OPEN,
    WITHDRAW,
    /** Say something about a change. */
    COMMENT,
    VOTE,
    MERGE,
    ROLLBACK,
    /** See, issue and revoke tokens of one's own, which may do no more than the token that asks. */
    OWN_TOKENS,
    /** The same for everybody's. */
    ADMINISTER,
    /** See who did what to the server. */
    AUDIT;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    boolean isOpen() {
        return this == PROBE || this == SIGN_IN;
    }

    boolean isReading() {
        return this == READ || this == CLONE;
    }

    boolean isAllowedBy(Set<Scope> held) {
        return scopes().stream().anyMatch(held::contains);
    }

    Set<Scope> scopes() {
        return switch (this) {
            case PROBE, SIGN_IN -> Set.of();
            case READ, CLONE, OWN_TOKENS -> EnumSet.allOf(Scope.class);
            case PUSH, OPEN, WITHDRAW -> Set.of(Scope.PUSH);
            case COMMENT -> Scope.TALKING;
            case VOTE -> Set.of(Scope.VOTE);
            case MERGE, ROLLBACK -> Set.of(Scope.MERGE);
            case ADMINISTER -> Set.of(Scope.ADMIN);
            case AUDIT -> Set.of(Scope.AUDIT);
        };
    }
}
