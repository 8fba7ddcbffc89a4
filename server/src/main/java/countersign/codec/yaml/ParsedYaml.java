package countersign.codec.yaml;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tree that finds its places by reading its text a second time, when the first one is asked for. */
final class ParsedYaml implements YamlTree {
    private final String path;
    private final String text;
    private final Map<String, @Nullable Object> root;
    private final List<Finding> warnings;
    private volatile @Nullable Node places;

    ParsedYaml(String path, String text, Map<String, @Nullable Object> root, List<Finding> warnings) {
        this.path = path;
        this.text = text;
        this.root = root;
        this.warnings = List.copyOf(warnings);
    }

    @Override
    public Map<String, @Nullable Object> root() {
        return root;
    }

    @Override
    public List<Finding> warnings() {
        return warnings;
    }

    @Override
    public Place placeOf(String pointer) {
        Node node = nearest(pointer).node();
        return new Place(path, node.line, node.column, pointer);
    }

    @Override
    public Place keyPlaceOf(String pointer) {
        Nearest nearest = nearest(pointer);
        Node node = nearest.node();
        boolean hasKey = nearest.exact() && node.keyLine > 0;
        return hasKey ? new Place(path, node.keyLine, node.keyColumn, pointer) : placeOf(pointer);
    }

    private Nearest nearest(String pointer) {
        Node node = places();
        for (String part : JsonPointer.parts(pointer)) {
            Node child = node.children.get(part);
            if (child == null) {
                return new Nearest(node, false);
            }
            node = child;
        }
        return new Nearest(node, true);
    }

    private Node places() {
        Node known = places;
        if (known == null) {
            known = YamlBuilder.withPlaces(path, text).places();
            places = known;
        }
        return known;
    }

    private record Nearest(Node node, boolean exact) {}

    /** The place of one value and of its key, where it has one. Filled by the builder, then only read. */
    static final class Node {
        private final int line;
        private final int column;
        private final int keyLine;
        private final int keyColumn;
        private final Map<String, Node> children = new LinkedHashMap<>(0);

        Node(Place value, @Nullable Place key) {
            line = value.line();
            column = value.column();
            keyLine = key == null ? 0 : key.line();
            keyColumn = key == null ? 0 : key.column();
        }

        void add(String name, Node child) {
            children.put(name, child);
        }
    }
}
