package countersign.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes the reference of the API from its OpenAPI document, in Markdown. */
final class ApiReference {
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    private final JsonNode document;
    private final StringBuilder out = new StringBuilder();

    private ApiReference(JsonNode document) {
        this.document = document;
    }

    static String write(JsonNode document) {
        ApiReference reference = new ApiReference(document);
        reference.introduction();
        document.get("tags").forEach(reference::group);
        reference.shapes();
        return reference.out.toString();
    }

    private void introduction() {
        out.append(
                "# The API\n\nMade from the OpenAPI 3.1 document, which every server gives at `/openapi.yaml`; do not edit.\n\n");
        out.append(document.at("/info/description").asText().strip()).append("\n\n```sh\n");
        out.append("curl -H \"Authorization: Bearer $TOKEN\" https://countersign.example.org/api/v1/changes\n```\n");
    }

    private void group(JsonNode tag) {
        String name = tag.get("name").asText();
        out.append("\n## ")
                .append(name.substring(0, 1).toUpperCase(Locale.ROOT))
                .append(name.substring(1));
        out.append("\n\n").append(tag.get("description").asText()).append(".\n");
        operations((path, method, operation) -> {
            if (operation.at("/tags/0").asText().equals(name)) {
                operation(path, method, operation);
            }
        });
    }

    private void operation(String path, String method, JsonNode operation) {
        out.append("\n### ")
                .append(method.toUpperCase(Locale.ROOT))
                .append(" `")
                .append(path)
                .append("`\n\n");
        out.append(operation.get("summary").asText()).append('.');
        if (operation.has("description")) {
            out.append(' ').append(line(operation.get("description")));
        }
        if (operation.path("security").isEmpty() && operation.has("security")) {
            out.append(" Needs no token.");
        }
        out.append('\n');
        parameters(document.get("paths").get(path).path("parameters"), operation.path("parameters"));
        contents(
                operation.path("requestBody"),
                type -> out.append("\nTakes ").append(type).append(".\n"));
        answers(operation.get("responses"));
    }

    private void parameters(JsonNode ofPath, JsonNode ofOperation) {
        if (ofPath.isEmpty() && ofOperation.isEmpty()) {
            return;
        }
        out.append("\n| parameter | in | value | what it is |\n|---|---|---|---|\n");
        ofPath.forEach(this::parameter);
        ofOperation.forEach(this::parameter);
    }

    private void parameter(JsonNode stated) {
        JsonNode parameter = resolved(stated);
        String name = "`" + parameter.get("name").asText() + "`";
        boolean required = parameter.path("required").asBoolean();
        row(
                required ? "**" + name + "**" : name,
                parameter.get("in").asText(),
                type(parameter.get("schema")),
                line(parameter.path("description")));
    }

    private void answers(JsonNode responses) {
        out.append("\n| answer | what it means | holds |\n|---|---|---|\n");
        responses.properties().forEach(entry -> {
            JsonNode response = resolved(entry.getValue());
            StringBuilder holds = new StringBuilder();
            contents(response, holds::append);
            row(
                    entry.getKey().equals("default") ? "else" : entry.getKey(),
                    line(response.get("description")),
                    holds.toString());
        });
    }

    private void contents(JsonNode body, Consumer<String> found) {
        body.path("content")
                .properties()
                .forEach(content -> found.accept(type(content.getValue().path("schema"))
                        + (content.getKey().endsWith("json") ? "" : " as `" + content.getKey() + "`")));
    }

    private void shapes() {
        out.append(
                "\n## Shapes\n\nFields in **bold** are always there. A `?` after a type means that it may be `null`.\n");
        document.at("/components/schemas").properties().forEach(schema -> {
            out.append("\n### ").append(schema.getKey()).append("\n\n");
            JsonNode shape = schema.getValue();
            if (shape.has("description")) {
                out.append(line(shape.get("description"))).append(".\n\n");
            }
            if (shape.has("properties")) {
                out.append("| field | value | what it is |\n|---|---|---|\n");
                fields("", shape);
            } else {
                out.append(type(shape)).append('\n');
            }
        });
    }

    private void fields(String above, JsonNode shape) {
        List<String> required = words(shape.path("required"));
        shape.path("properties").properties().forEach(property -> {
            String name = above + property.getKey();
            JsonNode field = property.getValue();
            String cell = "`" + name + "`";
            row(
                    required.contains(property.getKey()) ? "**" + cell + "**" : cell,
                    type(field),
                    line(field.path("description")));
            fields(name + ".", field);
            fields(name + "[].", field.path("items"));
        });
    }

    /** A schema in a few words; those with a name by their name. */
    private String type(JsonNode schema) {
        if (schema.has("$ref")) {
            String name = schema.get("$ref").asText().replaceFirst(".*/", "");
            return "[" + name + "](#" + name.toLowerCase(Locale.ROOT) + ")";
        }
        if (schema.has("anyOf")) {
            return either(schema.get("anyOf"));
        }
        if (schema.has("const")) {
            return "`" + schema.get("const").asText() + "`";
        }
        if (schema.has("enum")) {
            return words(schema.get("enum")).stream()
                    .map(word -> "`" + word + "`")
                    .collect(Collectors.joining(", "));
        }
        List<String> types = schema.path("type").isArray()
                ? words(schema.get("type"))
                : List.of(schema.path("type").asText("any"));
        String main =
                types.stream().filter(type -> !type.equals("null")).findFirst().orElse("null");
        return plain(main, schema) + (types.size() > 1 ? "?" : "");
    }

    private String either(JsonNode choices) {
        List<String> types = StreamSupport.stream(choices.spliterator(), false)
                .map(this::type)
                .toList();
        String named = types.stream().filter(type -> !type.equals("null")).collect(Collectors.joining(" or "));
        return named + (types.contains("null") ? "?" : "");
    }

    private String plain(String type, JsonNode schema) {
        return switch (type) {
            case "array" -> "list of " + type(schema.path("items"));
            case "integer" -> "whole number" + bounds(schema);
            case "object" ->
                schema.path("additionalProperties").isObject()
                        ? "mapping of names to " + type(schema.get("additionalProperties"))
                        : "object";
            case "string" ->
                schema.has("pattern") ? "text like `" + schema.get("pattern").asText() + "`" : "text";
            default -> type;
        };
    }

    private static String bounds(JsonNode schema) {
        String from = schema.has("minimum") ? " from " + schema.get("minimum").asText() : "";
        String to = schema.has("maximum") ? " to " + schema.get("maximum").asText() : "";
        String otherwise =
                schema.has("default") ? ", else " + schema.get("default").asText() : "";
        return from + to + otherwise;
    }

    private interface Visitor {
        void visit(String path, String method, JsonNode operation);
    }

    private void operations(Visitor visitor) {
        document.get("paths")
                .properties()
                .forEach(path -> METHODS.stream()
                        .filter(path.getValue()::has)
                        .forEach(method -> visitor.visit(
                                path.getKey(), method, path.getValue().get(method))));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private void row(String... cells) {
        for (String cell : cells) {
            out.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        out.append("|\n");
    }

    private static List<String> words(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String line(JsonNode text) {
        return text.asText("").strip().replace('\n', ' ');
    }
}
