package countersign.policy;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.document.Glob;
import countersign.document.Kind;
import countersign.policy.Enforcement.Level;
import countersign.policy.cel.CelValues;
import countersign.policy.cel.Expression;
import countersign.policy.cel.Subject;
import countersign.policy.input.DocumentChange.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rules in CEL that hold for what a change touches, read from a document of kind Policy.
 *
 * @param document the document
 * @param digest digest of the file's bytes
 * @param subject what the rules are evaluated once for
 * @param match which touched paths it judges
 * @param conditions what must hold before the rules apply, by name; they cannot see the variables
 * @param params constants that rules see as {@code params}
 * @param variables values computed once per subject, by name; each sees those above it
 * @param rules the rules, at least one
 * @param enforcement how gravely a rule that does not hold is taken
 */
public record Policy(
        Document document,
        Sha256 digest,
        Subject subject,
        PolicyMatch match,
        Map<String, Expression> conditions,
        Map<String, @Nullable Object> params,
        Map<String, Expression> variables,
        List<Rule> rules,
        Enforcement enforcement) {
    private static final int MAX_RULES = 64;

    /**
     * One rule.
     *
     * @param id its name within the policy
     * @param expression what must be true
     * @param message what is said if it is not, if that is fixed
     * @param messageExpression what is said if it is not, computed
     * @param at JSON pointers of the values to blame; if none, the fields that the expression reads
     */
    public record Rule(
            String id,
            Expression expression,
            @Nullable String message,
            @Nullable Expression messageExpression,
            List<String> at) {}

    /**
     * Reads a policy from its document; refuses a shape that is not a policy's.
     *
     * @param bytes the bytes that the document was read from
     */
    public static Policy read(Document document, byte[] bytes) {
        if (document.kind() != Kind.POLICY) {
            throw new Refusal("wrong-kind", document.path() + " is no Policy");
        }
        return new Reader(document, new String(bytes, StandardCharsets.UTF_8)).read(Sha256.of(bytes));
    }

    public String name() {
        return document.name();
    }

    /** The ids of the rules, in their order. */
    public List<String> ruleIds() {
        return rules.stream().map(Rule::id).toList();
    }

    /** Reads the parts of one document and names the place of each expression. */
    private record Reader(Document document, String source) {
        Policy read(Sha256 digest) {
            Fields spec = document.spec();
            spec.textOr("description", "");
            spec.textOr("why", "");
            spec.textList("sources");
            Policy policy = new Policy(
                    document,
                    digest,
                    spec.has("subject") ? spec.constant("subject", Subject.class) : Subject.DOCUMENT,
                    match(spec.objectOrNull("match")),
                    named(spec, "conditions"),
                    params(spec),
                    named(spec, "variables"),
                    rules(spec),
                    enforcement(spec.objectOrNull("enforcement")));
            requireDenyOnError(spec);
            spec.end();
            return policy;
        }

        private Map<String, @Nullable Object> params(Fields spec) {
            Map<String, @Nullable Object> params = new LinkedHashMap<>();
            if (spec.has("params") && spec.raw("params") instanceof Map<?, ?> map) {
                map.forEach((name, value) -> params.put((String) name, value));
            }
            CelValues.of(params);
            return params;
        }

        private PolicyMatch match(@Nullable Fields match) {
            if (match == null) {
                return new PolicyMatch(Set.of(), Set.of(), List.of(), Set.of(), List.of());
            }
            PolicyMatch read = new PolicyMatch(
                    match.textList("kinds").stream().map(this::kind).collect(Collectors.toSet()),
                    Set.copyOf(match.textList("environments")),
                    globs(match, "paths"),
                    match.textList("operations").stream().map(this::operation).collect(Collectors.toSet()),
                    globs(match, "changed"));
            match.end();
            return read;
        }

        private static List<Glob> globs(Fields match, String list) {
            return match.textList(list).stream().map(Glob::new).toList();
        }

        private Kind kind(String label) {
            return Kind.find(label)
                    .orElseThrow(() -> new Refusal("unknown-kind", document.path() + " matches no kind " + label));
        }

        private Operation operation(String label) {
            for (Operation operation : Operation.values()) {
                if (operation.label().equals(label)) {
                    return operation;
                }
            }
            throw new Refusal(
                    "unknown-operation",
                    document.path() + " matches no operation " + label,
                    "use create, update or delete");
        }

        private Map<String, Expression> named(Fields spec, String list) {
            Map<String, Expression> named = new LinkedHashMap<>();
            for (Fields entry : spec.objectList(list)) {
                String pointer = "/spec/" + list + "/" + named.size() + "/expression";
                String name = entry.text("name");
                if (named.put(name, expression(entry.text("expression"), pointer)) != null) {
                    throw duplicate(name);
                }
                entry.end();
            }
            return named;
        }

        private List<Rule> rules(Fields spec) {
            List<Fields> entries = spec.objectList("rules");
            if (entries.isEmpty() || entries.size() > MAX_RULES) {
                throw new Refusal(
                        "rule-count", document.path() + " has " + entries.size() + " rules, needs 1 to " + MAX_RULES);
            }
            Set<String> ids = new HashSet<>();
            List<Rule> rules = new ArrayList<>();
            for (Fields entry : entries) {
                Rule rule = rule(entry, "/spec/rules/" + rules.size());
                if (!ids.add(rule.id())) {
                    throw duplicate(rule.id());
                }
                rules.add(rule);
            }
            return List.copyOf(rules);
        }

        private Rule rule(Fields entry, String pointer) {
            String computed = entry.textOrNull("messageExpression");
            Rule rule = new Rule(
                    entry.text("id"),
                    expression(entry.text("expression"), pointer + "/expression"),
                    entry.textOrNull("message"),
                    computed == null ? null : expression(computed, pointer + "/messageExpression"),
                    entry.textList("at"));
            entry.end();
            return rule;
        }

        private Expression expression(String text, String pointer) {
            return new Expression(text, document.tree().placeOf(pointer), source);
        }

        private Refusal duplicate(String name) {
            return new Refusal("duplicate-name", document.path() + " uses the name " + name + " twice");
        }

        private Enforcement enforcement(@Nullable Fields enforcement) {
            if (enforcement == null) {
                return new Enforcement(Level.DENY, Map.of());
            }
            Level standard = enforcement.has("default") ? enforcement.constant("default", Level.class) : Level.DENY;
            Map<String, Level> environments = new LinkedHashMap<>();
            Fields byName = enforcement.objectOrNull("environments");
            if (byName != null) {
                enforcement
                        .texts("environments")
                        .keySet()
                        .forEach(name -> environments.put(name, byName.constant(name, Level.class)));
            }
            enforcement.end();
            return new Enforcement(standard, environments);
        }

        private void requireDenyOnError(Fields spec) {
            String onError = spec.textOr("onError", "deny");
            if (!onError.equals("deny")) {
                throw new Refusal(
                        "on-error",
                        document.path() + " says onError: " + onError + "; a rule that cannot be evaluated denies",
                        "say deny, or leave it out");
            }
        }
    }
}
