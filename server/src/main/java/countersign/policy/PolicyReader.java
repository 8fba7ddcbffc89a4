package countersign.policy;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.policy.Enforcement.Level;
import countersign.policy.Enforcement.Scope;
import countersign.policy.Policy.Rule;
import countersign.policy.cel.Expression;
import countersign.policy.cel.Subject;
import countersign.policy.input.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a policy from one document and names the place of each expression. */
record PolicyReader(Document document, String source) {
    private static final int MAX_RULES = 64;

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
                spec.has("exclude") ? match(spec.object("exclude")) : null,
                named(spec, "conditions"),
                params(spec.objectOrNull("params")),
                named(spec, "variables"),
                rules(spec),
                enforcement(spec.objectOrNull("enforcement")));
        requireDenyOnError(spec);
        spec.end();
        return policy;
    }

    private PolicyMatch match(@Nullable Fields match) {
        return PolicyMatch.of(match == null ? Fields.of("match", Map.of()) : match);
    }

    private Map<String, Parameter> params(@Nullable Fields params) {
        Map<String, Parameter> read = new LinkedHashMap<>();
        if (params != null) {
            for (String name : names(document.spec().raw("params"))) {
                read.put(name, parameter(name, params.object(name)));
            }
        }
        return read;
    }

    private static Parameter parameter(String name, Fields fields) {
        ParameterType type = ParameterType.of(fields.text("type"));
        Fields from = fields.objectOrNull("from");
        Object standard = fields.has("default") ? type.read(name, fields.raw("default")) : null;
        Parameter parameter = new Parameter(name, type, standard, source(from), fields.textOrNull("description"));
        if (standard == null && from == null) {
            throw new Refusal("parameter-missing", "the parameter " + name + " has neither a default nor a source");
        }
        fields.end();
        return parameter;
    }

    private static Parameter.@Nullable Source source(@Nullable Fields from) {
        if (from == null) {
            return null;
        }
        Parameter.Source source = new Parameter.Source(from.text("document"), from.text("at"));
        from.end();
        return source;
    }

    private static List<String> names(@Nullable Object object) {
        return object instanceof Map<?, ?> map
                ? map.keySet().stream().map(String.class::cast).toList()
                : List.of();
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
                entry.textList("at"),
                entry.textOrNull("fix"));
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
            return Enforcement.STANDARD;
        }
        Map<Stage, Level> stages = new EnumMap<>(Stage.class);
        levels(enforcement, "stages").forEach((name, level) -> stages.put(stage(name), level));
        Enforcement read = new Enforcement(
                enforcement.has("default") ? enforcement.constant("default", Level.class) : Level.DENY,
                stages,
                levels(enforcement, "environments"),
                enforcement.has("scope") ? enforcement.constant("scope", Scope.class) : Scope.DOCUMENT,
                enforcement.has("effectiveFrom") ? effectiveFrom(enforcement) : null);
        enforcement.end();
        return read;
    }

    private static Instant effectiveFrom(Fields enforcement) {
        return (Instant) ParameterType.of("timestamp").read("effectiveFrom", enforcement.text("effectiveFrom"));
    }

    private static Map<String, Level> levels(Fields enforcement, String member) {
        Map<String, Level> levels = new LinkedHashMap<>();
        Fields byName = enforcement.objectOrNull(member);
        if (byName != null) {
            enforcement.texts(member).keySet().forEach(name -> levels.put(name, byName.constant(name, Level.class)));
        }
        return levels;
    }

    private static Stage stage(String name) {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new Refusal("unknown-stage", "there is no stage " + name, "use push, gate or merge"));
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
