package countersign.document.schema;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.yaml.YamlTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a mapping with far more fields than its schema knows, before each of them costs a finding. Looks only where the
 * schema closes a mapping.
 */
final class FieldCount {
    private static final int MOST_UNKNOWN = 200;

    private final Map<String, @Nullable Object> schema;
    private final YamlTree tree;

    FieldCount(Map<String, @Nullable Object> schema, YamlTree tree) {
        this.schema = schema;
        this.tree = tree;
    }

    /** The first mapping that has too many. */
    Optional<Finding> find() {
        return find("", schema, tree.root());
    }

    private Optional<Finding> find(String pointer, Map<?, ?> rules, @Nullable Object value) {
        Map<?, ?> here = rules.get("$ref") instanceof String reference
                ? (Map<?, ?>) JsonPointer.find(schema, reference.substring(1)).orElseThrow()
                : rules;
        if (value instanceof Map<?, ?> map && here.get("properties") instanceof Map<?, ?> known) {
            return findInMap(pointer, here, known, map);
        }
        if (value instanceof List<?> list && here.get("items") instanceof Map<?, ?> items) {
            for (int i = 0; i < list.size(); i++) {
                Optional<Finding> found = find(pointer + "/" + i, items, list.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Finding> findInMap(String pointer, Map<?, ?> rules, Map<?, ?> known, Map<?, ?> map) {
        if (Boolean.FALSE.equals(rules.get("additionalProperties")) && map.size() > known.size() + MOST_UNKNOWN) {
            String name = pointer.isEmpty() ? "the document" : pointer.substring(1);
            return Optional.of(Finding.error(
                    "too-many-fields",
                    name + " has " + map.size() + " fields; its kind knows " + known.size(),
                    tree.placeOf(pointer)));
        }
        for (Map.Entry<?, ?> field : known.entrySet()) {
            String key = (String) field.getKey();
            Object value = map.get(key);
            if (value instanceof Map || value instanceof List) {
                Optional<Finding> found = find(JsonPointer.child(pointer, key), (Map<?, ?>) field.getValue(), value);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
