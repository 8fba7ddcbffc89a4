package countersign.document.schema;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.codec.JsonPointer;
import countersign.codec.yaml.Yaml;
import countersign.document.Kind;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemasTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_schema_is_valid_closed_and_describes_its_fields(Kind kind) {
        byte[] schema = Schemas.published(kind);

        String metaSchema = "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}";
        assertThat(new ValidatorFactory()
                        .withJsonNodeFactory(new JacksonNode.Factory())
                        .validate(metaSchema, new String(schema, StandardCharsets.UTF_8))
                        .isValid())
                .isTrue();
        assertClosed(kind.label(), Json.readObject(kind.label(), schema));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_field_has_examples_that_its_schema_allows(Kind kind) {
        Map<String, @Nullable Object> schema = Json.readObject(kind.label(), Schemas.published(kind));

        List<String> without = new ArrayList<>();
        List<Finding> wrong = new ArrayList<>();
        forEachField("", schema, schema, (where, field) -> {
            if (isLeaf(field, schema)) {
                Object examples = field.get("examples");
                if (examples instanceof List<?> list && !list.isEmpty()) {
                    list.forEach(example -> wrong.addAll(checkExample(where, field, schema, example)));
                } else {
                    without.add(where);
                }
            }
        });

        assertThat(without).isEmpty();
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_number_text_and_list_has_a_bound(Kind kind) {
        Map<String, @Nullable Object> schema = Json.readObject(kind.label(), Schemas.published(kind));

        List<String> unbounded = new ArrayList<>();
        forEachSchema("", schema, (where, rules) -> {
            if (!isBounded(rules)) {
                unbounded.add(where);
            }
        });

        assertThat(unbounded).isEmpty();
    }

    private static boolean isBounded(Map<?, ?> rules) {
        return switch (String.valueOf(rules.get("type"))) {
            case "integer" -> rules.containsKey("minimum") && rules.containsKey("maximum");
            case "array" -> rules.containsKey("maxItems");
            case "string" ->
                List.of("maxLength", "pattern", "enum", "format", "const").stream()
                        .anyMatch(rules::containsKey);
            default -> true;
        };
    }

    private static void forEachSchema(String where, Map<?, ?> schema, BiConsumer<String, Map<?, ?>> visitor) {
        visitor.accept(where, schema);
        schema.forEach((key, value) -> {
            if (value instanceof Map<?, ?> map) {
                forEachSchema(where + "/" + key, map, visitor);
            }
        });
    }

    private static boolean isLeaf(Map<?, ?> field, Map<?, ?> schema) {
        Map<?, ?> rules = field.get("$ref") instanceof String reference
                ? (Map<?, ?>) JsonPointer.find(schema, reference.substring(1)).orElseThrow()
                : field;
        boolean parent = rules.get("properties") != null || rules.get("items") != null;
        return !parent && !field.containsKey("const");
    }

    private static List<Finding> checkExample(String where, Map<?, ?> field, Map<?, ?> schema, Object example) {
        Map<String, Object> wrapped = Map.of(
                "$id",
                "https://example.org/one",
                "type",
                "object",
                "properties",
                Map.of("field", field),
                "$defs",
                schema.containsKey("$defs") ? schema.get("$defs") : Map.of());
        byte[] document = Json.write(Map.of("field", example));
        return new SchemaCheck(where, Json.write(wrapped)).check(Yaml.parse(where, document));
    }

    private static void forEachField(
            String where, Map<?, ?> schema, Map<?, ?> root, BiConsumer<String, Map<?, ?>> visitor) {
        if (schema.get("properties") instanceof Map<?, ?> properties && schema.get("type") instanceof String) {
            properties.forEach((name, field) -> {
                visitor.accept(where + "/" + name, (Map<?, ?>) field);
                forEachField(where + "/" + name, (Map<?, ?>) field, root, visitor);
            });
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            visitor.accept(where + "/[]", items);
            forEachField(where + "/[]", items, root, visitor);
        }
    }

    private static void assertClosed(String where, Map<?, ?> schema) {
        if (schema.get("properties") instanceof Map<?, ?> properties && schema.containsKey("type")) {
            assertThat(schema.get("additionalProperties")).as(where).isEqualTo(false);
            properties.forEach((name, property) -> assertThat(((Map<?, ?>) property).get("description"))
                    .as(where + "/" + name)
                    .isInstanceOf(String.class));
        }
        if (schema.containsKey("uniqueItems")) {
            assertThat((Long) schema.get("maxItems")).as(where).isLessThanOrEqualTo(Keywords.MAX_UNIQUE);
        }
        schema.forEach((key, value) -> {
            if (value instanceof Map<?, ?> map) {
                assertClosed(where + "/" + key, map);
            }
        });
    }
}
