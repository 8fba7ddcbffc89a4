package countersign.policy;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.policy.cel.Expression;
import countersign.policy.cel.Subject;
import countersign.policy.input.DocumentChange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules in CEL that hold for what a change touches, read from a document of kind Policy.
 *
 * @param document the document
 * @param digest digest of the file's bytes
 * @param subject what the rules are evaluated once for
 * @param match which touched paths it judges
 * @param exclude which of those it does not
 * @param conditions what must hold before the rules apply, by name; they cannot see the variables
 * @param params constants that rules see as {@code params}, by name
 * @param variables values computed once per subject, by name; each sees those above it
 * @param rules the rules, at least one
 * @param enforcement how gravely a rule that does not hold is taken
 */
public record Policy(
        Document document,
        Sha256 digest,
        Subject subject,
        PolicyMatch match,
        @Nullable PolicyMatch exclude,
        Map<String, Expression> conditions,
        Map<String, Parameter> params,
        Map<String, Expression> variables,
        List<Rule> rules,
        Enforcement enforcement) {
    private static final Pattern OF_CHANGES =
            Pattern.compile("(?<![.\\w])(?:change|files|approvals|operation|oldObject)\\b");

    /**
     * One rule.
     *
     * @param id its name within the policy
     * @param expression what must be true
     * @param message what is said if it is not, if that is fixed
     * @param messageExpression what is said if it is not, computed
     * @param at JSON pointers of the values to blame; if none, the fields that the expression reads
     * @param fix what would satisfy it, if the policy says so
     */
    public record Rule(
            String id,
            Expression expression,
            @Nullable String message,
            @Nullable Expression messageExpression,
            List<String> at,
            @Nullable String fix) {}

    /**
     * Reads a policy from its document; refuses a shape that is not a policy's.
     *
     * @param bytes the bytes that the document was read from
     */
    public static Policy read(Document document, byte[] bytes) {
        if (document.kind() != Kind.POLICY) {
            throw new Refusal("wrong-kind", document.path() + " is no Policy");
        }
        return new PolicyReader(document, new String(bytes, StandardCharsets.UTF_8)).read(Sha256.of(bytes));
    }

    public String name() {
        return document.name();
    }

    /**
     * Whether it can be judged of a document as it stands: it asks nothing about a change or about what was before, and is
     * about documents that stay and are no requests.
     */
    public boolean judgesWhatStands() {
        return subject == Subject.DOCUMENT
                && (match.operations().isEmpty() || match.operations().contains(DocumentChange.Operation.UPDATE))
                && !match.kinds().equals(Set.of(Kind.CHANGE_REQUEST))
                && match.changed().isEmpty()
                && expressions()
                        .map(Expression::text)
                        .noneMatch(text -> OF_CHANGES.matcher(text).find());
    }

    private Stream<Expression> expressions() {
        return Stream.of(
                        conditions.values().stream(),
                        variables.values().stream(),
                        rules.stream().map(Rule::expression))
                .flatMap(each -> each);
    }

    /** Whether the policy judges a touched path. */
    boolean judges(DocumentChange touched) {
        return match.matches(touched) && (exclude == null || !exclude.matches(touched));
    }

    /** The ids of the rules, in their order. */
    public List<String> ruleIds() {
        return rules.stream().map(Rule::id).toList();
    }
}
