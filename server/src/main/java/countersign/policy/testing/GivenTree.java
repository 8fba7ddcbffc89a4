package countersign.policy.testing;

import countersign.codec.Place;
import countersign.codec.yaml.YamlTree;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that a test gives inside its own file.
 *
 * @param root the document's root
 * @param file the tree of the test's file
 * @param pointer where the document stands in it
 */
record GivenTree(Map<String, @Nullable Object> root, YamlTree file, String pointer) implements YamlTree {
    @Override
    public Place placeOf(String inside) {
        return within(file.placeOf(pointer + inside), inside);
    }

    @Override
    public Place keyPlaceOf(String inside) {
        return within(file.keyPlaceOf(pointer + inside), inside);
    }

    private static Place within(Place place, String inside) {
        return new Place(place.path(), place.line(), place.column(), inside);
    }
}
