package countersign.document.overlay;

import countersign.codec.JsonPointer;
import countersign.codec.Place;
import countersign.codec.yaml.YamlTree;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tree made of several, which knows of each value which of them it comes from. Immutable. */
public final class OverlaidTree implements YamlTree {
    private final Map<String, @Nullable Object> root;
    private final Map<String, Origin> origins;
    private final YamlTree top;
    private final Set<String> bases;

    /**
     * Where a value comes from.
     *
     * @param tree the tree
     * @param pointer its pointer there
     */
    record Origin(YamlTree tree, String pointer) {}

    /**
     * A whole one.
     *
     * @param origins by pointer, of every value below {@code spec}
     * @param top the tree that everything else comes from
     * @param bases paths of the documents below it
     */
    OverlaidTree(Map<String, @Nullable Object> root, Map<String, Origin> origins, YamlTree top, Set<String> bases) {
        this.root = root;
        this.origins = Map.copyOf(origins);
        this.top = top;
        this.bases = Set.copyOf(bases);
    }

    /** Paths of the documents that it is put over. */
    public Set<String> bases() {
        return bases;
    }

    @Override
    public Map<String, @Nullable Object> root() {
        return root;
    }

    /** In the file that says the value. */
    @Override
    public Place placeOf(String pointer) {
        Origin origin = origin(pointer);
        Place place = origin.tree().placeOf(origin.pointer());
        return new Place(place.path(), place.line(), place.column(), pointer);
    }

    @Override
    public Place keyPlaceOf(String pointer) {
        Origin origin = origin(pointer);
        Place place = origin.tree().keyPlaceOf(origin.pointer());
        return new Place(place.path(), place.line(), place.column(), pointer);
    }

    private Origin origin(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = JsonPointer.parent(at)) {
            Origin known = origins.get(at);
            if (known != null) {
                return known;
            }
        }
        return new Origin(top, pointer);
    }
}
