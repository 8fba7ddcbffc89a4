package countersign.document.schema;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Json;
import countersign.document.Kind;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
