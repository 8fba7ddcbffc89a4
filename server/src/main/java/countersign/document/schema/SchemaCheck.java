package countersign.document.schema;

import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.codec.yaml.YamlTree;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One JSON Schema (2020-12), ready to check trees. Safe for use by several threads once it is constructed. */
final class SchemaCheck {
    private final Map<String, @Nullable Object> schema;
    private final Validator validator;
    private final URI id;

    SchemaCheck(String name, byte[] schemaJson) {
        schema = Json.readObject(name, schemaJson);
        validator = new ValidatorFactory()
                .withJsonNodeFactory(new TreeNode.Factory())
                .withEvaluatorFactory(new Keywords())
                .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                .withDisabledSchemaValidation(true)
                .createValidator();
        id = validator.registerSchema(TreeNode.of(schema));
    }

    /** Every finding, in plain words, each with its place. */
    List<Finding> check(YamlTree tree) {
        Optional<Finding> flood = new FieldCount(schema, tree).find();
        if (flood.isPresent()) {
            return List.of(flood.get());
        }
        Validator.Result result = validator.validate(id, TreeNode.of(tree.root()));
        return result.isValid() ? List.of() : new SchemaMessages(schema, tree).of(result.getErrors());
    }
}
