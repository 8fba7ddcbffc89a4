package countersign.document.schema;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Place;
import countersign.codec.yaml.YamlTree;
import countersign.document.secret.SecretKeys;
import dev.harrel.jsonschema.Error;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in plain words what a schema expected and what it found, and where. */
final class SchemaMessages {
    private static final int MAX_FINDINGS = 100;

    private final Map<String, @Nullable Object> schema;
    private final YamlTree tree;
    private final Set<Finding> findings = new LinkedHashSet<>();

    SchemaMessages(Map<String, @Nullable Object> schema, YamlTree tree) {
        this.schema = schema;
        this.tree = tree;
    }

    List<Finding> of(List<Error> errors) {
        errors.stream()
                .filter(error -> !isPartOfChoice(error))
                .limit(MAX_FINDINGS)
                .forEach(this::add);
        return List.copyOf(findings);
    }

    /** The branches of an exactly-one-of are reported once, by the choice itself; a condition is nobody's mistake. */
    private static boolean isPartOfChoice(Error error) {
        return error.getEvaluationPath().contains("/oneOf/")
                || error.getEvaluationPath().contains("/if/");
    }

    private void add(Error error) {
        String pointer = error.getInstanceLocation();
        Map<?, ?> rules = rules(error.getSchemaLocation());
        String keyword = error.getKeyword() == null ? "false" : error.getKeyword();
        switch (keyword) {
            case "false" -> unknownField(pointer, JsonPointer.parent(fragment(error.getSchemaLocation())));
            case "required" -> missingFields(pointer, rules);
            case "dependentRequired" -> missingPartners(pointer, rules);
            case "oneOf" -> choice(pointer, rules);
            case "if", "propertyNames" -> {}
            case "type" -> wrong("wrong-type", pointer, "must be " + article(text(rules, "type")));
            case "const" -> wrong("not-one-of", pointer, "must be " + rules.get("const"));
            case "enum" -> notOneOf(pointer, list(rules, "enum"));
            case "uniqueItems" -> wrong("not-unique", pointer, "must not hold an element twice");
            default -> wrong("wrong-value", pointer, "must be " + expectation(keyword, rules));
        }
    }

    private void unknownField(String pointer, String schemaPointer) {
        Set<String> known =
                names(JsonPointer.find(schema, schemaPointer + "/properties").orElse(Map.of()));
        String written = JsonPointer.last(pointer);
        String message = Suggestions.nearest(written, known)
                .map(word -> "there is no field " + quote(written) + " here; did you mean " + quote(word) + "?")
                .orElse("there is no field " + quote(written) + " here");
        findings.add(Finding.error("unknown-field", message, tree.keyPlaceOf(pointer))
                .withWayOut("known here: " + String.join(", ", known)));
    }

    private void missingFields(String pointer, Map<?, ?> rules) {
        for (Object field : list(rules, "required")) {
            missingField(pointer, (String) field, description(rules, (String) field));
        }
    }

    private void missingPartners(String pointer, Map<?, ?> rules) {
        Set<String> present = names(value(pointer));
        if (rules.get("dependentRequired") instanceof Map<?, ?> pairs) {
            pairs.forEach((field, partners) -> {
                if (present.contains((String) field)) {
                    ((List<?>) partners)
                            .forEach(partner ->
                                    missingField(pointer, (String) partner, description(rules, (String) partner)));
                }
            });
        }
    }

    private void missingField(String pointer, String field, String description) {
        if (!names(value(pointer)).contains(field)) {
            String message = name(pointer) + " needs the field " + quote(field);
            findings.add(Finding.error("missing-field", message + description, tree.keyPlaceOf(pointer)));
        }
    }

    private void choice(String pointer, Map<?, ?> rules) {
        List<String> options = new ArrayList<>();
        for (Object option : list(rules, "oneOf")) {
            list((Map<?, ?>) option, "required").forEach(field -> options.add((String) field));
        }
        List<String> found =
                options.stream().filter(names(value(pointer))::contains).toList();
        String both = found.isEmpty() ? "none of them" : String.join(" and ", found);
        findings.add(Finding.error(
                "not-exactly-one",
                name(pointer) + " needs exactly one of " + String.join(", ", options) + "; found " + both,
                tree.placeOf(pointer)));
    }

    private void notOneOf(String pointer, List<?> allowed) {
        List<String> words = allowed.stream().map(String::valueOf).toList();
        String must = "must be " + (words.size() == 1 ? "" : "one of ") + String.join(", ", words);
        Object found = value(pointer);
        if (!(found instanceof String text)) {
            boolean quoted = found instanceof Long || found instanceof Boolean;
            add("not-one-of", pointer, must, quoted ? "quote it" : null);
        } else {
            String guess = Suggestions.nearest(text, words)
                    .map(word -> "did you mean " + quote(word) + "?")
                    .orElse(null);
            add("not-one-of", pointer, must, guess);
        }
    }

    private void wrong(String rule, String pointer, String must) {
        boolean unquoted = rule.equals("wrong-type") && must.endsWith("text") && isPlainScalar(value(pointer));
        add(rule, pointer, must, unquoted ? "quote it" : null);
    }

    private void add(String rule, String pointer, String must, @Nullable String wayOut) {
        Place place = tree.placeOf(pointer);
        String message = name(pointer) + " " + must + "; found " + shown(pointer);
        findings.add(new Finding(rule, Finding.Severity.ERROR, message, place, wayOut));
    }

    private static String expectation(String keyword, Map<?, ?> rules) {
        Object said = rules.get("x-expected");
        if (said != null) {
            return said.toString();
        }
        Object limit = rules.get(keyword);
        return switch (keyword) {
            case "minimum" -> "at least " + limit;
            case "maximum" -> "at most " + limit;
            case "minLength" -> "a text of at least " + limit + " characters";
            case "maxLength" -> "a text of at most " + limit + " characters";
            case "minItems" -> "a list of at least " + limit;
            case "maxItems" -> "a list of at most " + limit;
            case "maxProperties" -> "a mapping of at most " + limit + " fields";
            default -> "as its schema says (" + keyword + ")";
        };
    }

    private String shown(String pointer) {
        Object value = value(pointer);
        if (value instanceof String text) {
            return SecretKeys.isSecret(JsonPointer.last(pointer)) ? "a text" : quote(text);
        }
        if (value instanceof Map) {
            return "a mapping";
        }
        if (value instanceof List<?> elements) {
            return "a list of " + elements.size();
        }
        return value instanceof Boolean
                ? value.toString()
                : value instanceof Number ? "the number " + value : "nothing";
    }

    private static boolean isPlainScalar(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    private @Nullable Object value(String pointer) {
        return JsonPointer.find(tree.root(), pointer).orElse(null);
    }

    private Map<?, ?> rules(String schemaLocation) {
        Object rules = JsonPointer.find(schema, fragment(schemaLocation)).orElse(Map.of());
        return rules instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String description(Map<?, ?> rules, String field) {
        return JsonPointer.find(rules, JsonPointer.child("/properties", field) + "/description")
                .map(text -> ": " + text)
                .orElse("");
    }

    private static String fragment(String location) {
        return location.substring(location.indexOf('#') + 1);
    }

    private static String article(String type) {
        return switch (type) {
            case "object" -> "a mapping";
            case "array" -> "a list";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "string" -> "text";
            default -> "a " + type;
        };
    }

    private static String name(String pointer) {
        return pointer.isEmpty() ? "the document" : pointer.substring(1);
    }

    private static String text(Map<?, ?> rules, String member) {
        return String.valueOf(rules.get(member));
    }

    private static List<?> list(Map<?, ?> rules, String member) {
        return rules.get(member) instanceof List<?> list ? list : List.of();
    }

    private static Set<String> names(@Nullable Object object) {
        Set<?> keys = object instanceof Map<?, ?> map ? map.keySet() : Set.of();
        return keys.stream().map(String.class::cast).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String quote(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return "\"" + (line.length() <= 60 ? line : line.substring(0, 60) + "…") + "\"";
    }
}
