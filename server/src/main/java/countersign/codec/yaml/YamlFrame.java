package countersign.codec.yaml;

import countersign.codec.JsonPointer;
import countersign.codec.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A mapping or a list that is not closed yet. */
final class YamlFrame {
    private final boolean mapping;
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
    private final List<@Nullable Object> elements = new ArrayList<>();
    private final Map<String, Integer> keyLines = new LinkedHashMap<>();
    private final ParsedYaml.@Nullable Node node;
    private @Nullable String key;
    private @Nullable Place keyPlace;

    YamlFrame(boolean mapping, ParsedYaml.@Nullable Node node) {
        this.mapping = mapping;
        this.node = node;
    }

    boolean expectsKey() {
        return mapping && key == null;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    int lineOfKey(String name) {
        return keyLines.getOrDefault(name, 0);
    }

    void key(String name, Place place) {
        key = name;
        keyPlace = place;
        if (place.line() > 0) {
            keyLines.putIfAbsent(name, place.line());
        }
    }

    @Nullable
    Place keyPlace() {
        return keyPlace;
    }

    /** Adds the value of the present key, or the next element. A null node means that places are not wanted. */
    void add(@Nullable Object value, ParsedYaml.@Nullable Node place) {
        String name = key == null ? Integer.toString(elements.size()) : key;
        if (node != null && place != null) {
            node.add(name, place);
        }
        if (mapping) {
            members.put(name, value);
            key = null;
        } else {
            elements.add(value);
        }
    }

    Optional<ParsedYaml.Node> node() {
        return Optional.ofNullable(node);
    }

    Map<String, @Nullable Object> members() {
        return Collections.unmodifiableMap(members);
    }

    Object collection() {
        return mapping ? members() : Collections.unmodifiableList(elements);
    }

    /** The pointer of the value that is being read, below a parent's pointer. */
    String pointer(String parent) {
        if (mapping) {
            return key == null ? parent : JsonPointer.child(parent, key);
        }
        return parent + "/" + elements.size();
    }
}
