package countersign.codec.yaml;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed YAML document: its values as Map, List, String, Long, BigInteger, Double, Boolean and null, and the place of
 * each. Immutable.
 */
public interface YamlTree {
    /** The root, always a mapping, in document order. */
    Map<String, @Nullable Object> root();

    /** The place of the value that a JSON pointer names, or of its nearest ancestor that exists. */
    Place placeOf(String pointer);

    /** The place of the key of the member that a JSON pointer names; falls back to {@link #placeOf}. */
    Place keyPlaceOf(String pointer);

    /** What other readers of YAML would take for something else, each with its place. */
    default List<Finding> warnings() {
        return List.of();
    }
}
