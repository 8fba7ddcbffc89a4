package countersign.document.schema;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value of a tree as the schema library sees it. A number is an integer only if it is written as one. */
final class TreeNode implements JsonNode {
    private final @Nullable Object value;
    private final String pointer;
    private final SimpleType type;

    private TreeNode(@Nullable Object value, String pointer) {
        this.value = value;
        this.pointer = pointer;
        this.type = typeOf(value);
    }

    static TreeNode of(@Nullable Object value) {
        return new TreeNode(value, "");
    }

    @Override
    public String getJsonPointer() {
        return pointer;
    }

    @Override
    public SimpleType getNodeType() {
        return type;
    }

    @Override
    public boolean asBoolean() {
        return (Boolean) known();
    }

    @Override
    public String asString() {
        return String.valueOf(value);
    }

    @Override
    public BigInteger asInteger() {
        return asNumber().toBigInteger();
    }

    @Override
    public BigDecimal asNumber() {
        return new BigDecimal(known().toString());
    }

    @Override
    public List<JsonNode> asArray() {
        List<?> elements = (List<?>) known();
        List<JsonNode> nodes = new ArrayList<>(elements.size());
        for (Object element : elements) {
            nodes.add(new TreeNode(element, pointer + "/" + nodes.size()));
        }
        return nodes;
    }

    @Override
    public Map<String, JsonNode> asObject() {
        Map<?, ?> members = (Map<?, ?>) known();
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        members.forEach((key, member) -> {
            String name = (String) key;
            nodes.put(name, new TreeNode(member, pointer + "/" + JsonNode.encodeJsonPointer(name)));
        });
        return nodes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TreeNode node && Objects.equals(value, node.value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(value);
    }

    private Object known() {
        return Objects.requireNonNull(value);
    }

    private static SimpleType typeOf(@Nullable Object value) {
        if (value == null) {
            return SimpleType.NULL;
        }
        if (value instanceof String) {
            return SimpleType.STRING;
        }
        if (value instanceof Map) {
            return SimpleType.OBJECT;
        }
        if (value instanceof List) {
            return SimpleType.ARRAY;
        }
        if (value instanceof Boolean) {
            return SimpleType.BOOLEAN;
        }
        return value instanceof Long || value instanceof BigInteger ? SimpleType.INTEGER : SimpleType.NUMBER;
    }

    /** Wraps plain values; reads no text. */
    static final class Factory implements JsonNodeFactory {
        @Override
        public JsonNode wrap(Object node) {
            return node instanceof TreeNode wrapped ? wrapped : TreeNode.of(node);
        }

        @Override
        public JsonNode create(String text) {
            throw new UnsupportedOperationException("schemas and documents are read by the codec");
        }
    }
}
