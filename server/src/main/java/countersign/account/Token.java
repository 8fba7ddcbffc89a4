package countersign.account;

import countersign.codec.Refusal;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is known of a token; its secret is not.
 *
 * @param id 16 hexadecimal digits
 * @param person name of the person who acts with it
 * @param name what its owner calls it, one line of at most {@value #MAX_NAME} characters
 * @param scopes what it may do, at least one
 * @param createdAt when it was issued
 * @param expires from when on it counts no more
 */
public record Token(String id, String person, String name, Set<Scope> scopes, Instant createdAt, Instant expires) {
    public static final int MAX_NAME = 100;

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1," + MAX_NAME + "}");

    public Token {
        if (scopes.isEmpty()) {
            throw new Refusal("token-without-scope", "a token needs at least one scope");
        }
        if (!NAME.matcher(name).matches()) {
            throw new Refusal("malformed-token-name", "a token's name is one line of 1 to " + MAX_NAME + " characters");
        }
        scopes = Collections.unmodifiableSet(EnumSet.copyOf(scopes));
    }

    /** What the activity log keeps of its issue, by name. */
    public Map<String, String> particulars() {
        String held = scopes.stream().map(Scope::label).sorted().collect(Collectors.joining(" "));
        return Map.of("token", id, "for", person, "scopes", held, "expires", expires.toString());
    }

    public boolean countsAt(Instant time) {
        return time.isBefore(expires);
    }
}
