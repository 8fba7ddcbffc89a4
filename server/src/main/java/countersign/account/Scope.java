package countersign.account;

import countersign.codec.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A part of what a person may do that a token can be given. Every one of them includes reading. */
public enum Scope {
    /** See everything and clone. */
    READ,
    /** Push, open, revise and withdraw changes. */
    PUSH,
    /** Hand in signed statements. */
    VOTE,
    /** Merge, and open rollbacks. */
    MERGE,
    /** Administer tokens, passwords and webhooks of everybody. */
    ADMIN,
    /** See the activity log. */
    AUDIT;

    /** What a person works with who neither administers nor audits. */
    public static final Set<Scope> WORKING = Set.of(READ, PUSH, VOTE, MERGE);

    /** What lets a person say something about a change. */
    static final Set<Scope> TALKING = Set.of(PUSH, VOTE, MERGE);

    /** The word in requests and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope with this label, or a Refusal {@code unknown-scope}. */
    public static Scope get(String label) {
        return Arrays.stream(values())
                .filter(scope -> scope.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "unknown-scope",
                        "no scope is called " + label + "; there are "
                                + List.of(values()).stream().map(Scope::label).toList()));
    }
}
