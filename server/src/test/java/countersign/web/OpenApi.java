package countersign.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The API's document: what it says a route answers, and whether an answer is that. */
public final class OpenApi {
    private static final URI SCHEMAS = URI.create("urn:countersign:api");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;
    private final Validator validator = new ValidatorFactory()
            .withJsonNodeFactory(new JacksonNode.Factory())
            .createValidator();

    private OpenApi(JsonNode document) {
        this.document = document;
        ObjectNode schemas = JSON.createObjectNode();
        schemas.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schemas.put("$id", SCHEMAS.toString());
        schemas.set(
                "$defs",
                read(document.at("/components/schemas").toString().replace("#/components/schemas/", "#/$defs/")));
        validator.registerSchema(SCHEMAS, schemas);
    }

    public static OpenApi load() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
            return new OpenApi(new ObjectMapper(new YAMLFactory()).readTree(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The page of the reference that this document makes. */
    String reference() {
        return ApiReference.write(document);
    }

    /** Every method and path, for example {@code GET /api/v1/changes/{name}}. */
    Set<String> operations() {
        TreeSet<String> operations = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (List.of("get", "post", "put", "delete", "patch").contains(method)) {
                        operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /** Why an answer is not what the document says; empty if it is. */
    public List<String> faults(String method, String path, int status, String mediaType, String body) {
        Optional<JsonNode> operation = operation(method, path);
        if (operation.isEmpty()) {
            return status == 404 || status == 405 ? List.of() : List.of("no operation " + method + " " + path);
        }
        JsonNode responses = operation.get().get("responses");
        JsonNode response =
                resolve(responses.path(responses.has(String.valueOf(status)) ? String.valueOf(status) : "default"));
        if (response.isMissingNode()) {
            return List.of("no response " + status + " of " + method + " " + path);
        }
        if (status == 204 || status == 304) {
            return List.of();
        }
        JsonNode content = response.path("content");
        String bare = mediaType.replaceAll(";.*", "");
        if (!content.has(bare) && !content.has("*/*")) {
            return List.of("the document does not say that " + method + " " + path + " answers " + bare);
        }
        return bare.endsWith("json") && content.has(bare)
                ? faults(content.get(bare).get("schema"), body)
                : List.of();
    }

    private List<String> faults(JsonNode schema, String body) {
        String reference = schema.get("$ref").asText().replace("#/components/schemas/", "");
        Validator.Result result = validator.validate(URI.create(SCHEMAS + "#/$defs/" + reference), read(body));
        List<String> faults = new ArrayList<>();
        result.getErrors().forEach(error -> faults.add(error.getInstanceLocation() + ": " + error.getError()));
        return faults;
    }

    private Optional<JsonNode> operation(String method, String path) {
        JsonNode paths = document.get("paths");
        List<String> names = new ArrayList<>();
        paths.fieldNames().forEachRemaining(names::add);
        names.sort((left, right) -> Integer.compare(parameters(left), parameters(right)));
        return names.stream()
                .filter(name -> matches(name, path))
                .map(name -> paths.get(name).path(method.toLowerCase(java.util.Locale.ROOT)))
                .filter(node -> !node.isMissingNode())
                .findFirst();
    }

    private static int parameters(String path) {
        return path.split("\\{", -1).length;
    }

    private static boolean matches(String template, String path) {
        String pattern =
                Pattern.quote(template).replace("{path}", "\\E.+\\Q").replaceAll("\\{[a-z]+}", "\\\\E[^/]+\\\\Q");
        return path.matches(pattern);
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
