package countersign.document.schema;

import countersign.codec.Json;
import countersign.codec.JsonPointer;
import countersign.document.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the reference of the kinds from their schemas, in Markdown. */
final class KindReference {
    private final StringBuilder out = new StringBuilder();

    private KindReference() {}

    static String write() {
        KindReference reference = new KindReference();
        reference.introduction();
        for (Kind kind : Kind.values()) {
            reference.kind(kind, Json.readObject(kind.label(), Schemas.published(kind)));
        }
        return reference.out.toString();
    }

    private void introduction() {
        out.append("""
                # The kinds of documents

                Made from the JSON Schemas; do not edit. A document is one YAML 1.2 file with `apiVersion`, `kind`, `metadata` and
                `spec`. `metadata` has `name` (a DNS label; the file is named after it), and may have `title`, `labels` and
                `annotations`. Unknown fields are refused. Fields in **bold** are required where their parent stands.

                Editors complete and check documents that begin with the address of their schema on your server:

                ```yaml
                # yaml-language-server: $schema=https://countersign.example.org/schemas/v1/SystemConfig.json
                ```

                `countersign schema KIND` prints the same.

                | kind | stands in |
                |---|---|
                """);
        for (Kind kind : Kind.values()) {
            out.append("| [")
                    .append(kind.label())
                    .append("](#")
                    .append(kind.label().toLowerCase(java.util.Locale.ROOT));
            out.append(") | `").append(place(kind)).append("` |\n");
        }
    }

    private static String place(Kind kind) {
        return switch (kind) {
            case REPOSITORY -> "countersign.yaml";
            case SYSTEM_CONFIG -> "systems/<family>/<name>.yaml";
            case CHANGE_REQUEST -> "changes/<yyyy-mm-dd>/<name>.yaml";
            case POLICY_TEST -> "policies/<name>.test.yaml";
            default -> kind.folder() + "/<name>.yaml";
        };
    }

    private void kind(Kind kind, Map<String, @Nullable Object> schema) {
        out.append("\n## ").append(kind.label()).append("\n\n").append(schema.get("description"));
        out.append(" Stands at `").append(place(kind)).append("`");
        out.append(kind.trust() ? " and nowhere else: it decides who may do what.\n" : ".\n");
        out.append("\n| field | what it is | value | example |\n|---|---|---|---|\n");
        fields("", "/properties/spec", schema);
    }

    private void fields(String name, String pointer, Map<String, @Nullable Object> schema) {
        Map<?, ?> parent = resolved(map(schema, pointer), schema);
        if (!(parent.get("properties") instanceof Map<?, ?> properties)) {
            return;
        }
        List<?> required = parent.get("required") instanceof List<?> list ? list : List.of();
        String base = map(schema, pointer).get("$ref") instanceof String reference ? reference.substring(1) : pointer;
        properties.forEach((key, value) -> {
            String path = name + key;
            Map<?, ?> field = (Map<?, ?>) value;
            row(required.contains(key) ? "**`" + path + "`**" : "`" + path + "`", field, schema);
            String below = base + "/properties/" + key;
            Map<?, ?> rules = resolved(field, schema);
            if (rules.get("items") instanceof Map<?, ?> items) {
                String list =
                        (field.get("$ref") instanceof String reference ? reference.substring(1) : below) + "/items";
                if (resolved(items, schema).get("properties") == null) {
                    row("`" + path + "[]`", items, schema);
                }
                fields(path + "[].", list, schema);
            } else {
                fields(path + ".", below, schema);
            }
        });
    }

    private void row(String name, Map<?, ?> field, Map<String, @Nullable Object> schema) {
        out.append("| ").append(name).append(" | ").append(cell(String.valueOf(field.get("description"))));
        out.append(" | ").append(cell(value(resolved(field, schema)))).append(" | ");
        if (field.get("examples") instanceof List<?> examples && !examples.isEmpty()) {
            Object example = examples.get(0);
            out.append('`').append(cell(text(example))).append('`');
        }
        out.append(" |\n");
    }

    private static String text(@Nullable Object example) {
        return example instanceof String text
                ? text.replace("\n", "\\n")
                : new String(Json.write(example), StandardCharsets.UTF_8).strip();
    }

    private static String value(Map<?, ?> rules) {
        if (rules.get("enum") instanceof List<?> words) {
            return "one of "
                    + words.stream()
                            .map(word -> "`" + word + "`")
                            .reduce((a, b) -> a + ", " + b)
                            .orElse("");
        }
        if (rules.get("x-expected") instanceof String said) {
            return said;
        }
        return switch (String.valueOf(rules.get("type"))) {
            case "object" -> "a mapping";
            case "array" ->
                "a list of " + (rules.get("minItems") == null ? "" : rules.get("minItems") + " to ")
                        + (rules.get("minItems") == null ? "at most " : "") + rules.get("maxItems")
                        + (Boolean.TRUE.equals(rules.get("uniqueItems")) ? ", none twice" : "");
            case "integer" -> "a whole number from " + rules.get("minimum") + " to " + rules.get("maximum");
            case "boolean" -> "`true` or `false`";
            case "string" ->
                rules.get("maxLength") == null ? "text" : "text of at most " + rules.get("maxLength") + " characters";
            default -> "any value";
        };
    }

    private static Map<?, ?> resolved(Map<?, ?> field, Map<String, @Nullable Object> schema) {
        return field.get("$ref") instanceof String reference ? map(schema, reference.substring(1)) : field;
    }

    private static Map<?, ?> map(Map<String, @Nullable Object> schema, String pointer) {
        return (Map<?, ?>) JsonPointer.find(schema, pointer).orElseThrow();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
