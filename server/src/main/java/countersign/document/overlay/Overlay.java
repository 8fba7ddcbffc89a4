package countersign.document.overlay;

import countersign.codec.JsonPointer;
import countersign.codec.yaml.YamlTree;
import countersign.document.Document;
import countersign.document.overlay.OverlaidTree.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts the {@code spec} of one document over that of another, as JSON Merge Patch does (RFC 7396): mappings are merged, null
 * takes a member away, anything else replaces. Beyond it, the elements of lists whose elements have names are merged by
 * these, in the order of the base; and of the three sources of a file the upper document's replaces the others. Used once.
 */
final class Overlay {
    /** Lists whose elements have names, and the members that are their names. */
    private static final Map<String, String> NAMED = Map.of(
            "/spec/files", "path",
            "/spec/health/checks", "name",
            "/spec/components", "name",
            "/spec/interfaces", "name");

    private static final List<String> SOURCES = List.of("content", "from", "data");

    private final YamlTree upper;
    private final YamlTree lower;
    private final Map<String, Origin> origins = new HashMap<>();

    private Overlay(YamlTree upper, YamlTree lower) {
        this.upper = upper;
        this.lower = lower;
    }

    /** The tree of a document put over another, which is whole itself. */
    static OverlaidTree of(Document over, Document under) {
        Overlay overlay = new Overlay(over.tree(), under.tree());
        Map<String, @Nullable Object> base =
                new LinkedHashMap<>(asMap(under.tree().root().get("spec")));
        base.remove("abstract");
        Map<String, @Nullable Object> own =
                new LinkedHashMap<>(asMap(over.tree().root().get("spec")));
        own.remove("base");
        Map<String, @Nullable Object> root = new LinkedHashMap<>(over.tree().root());
        root.put("spec", overlay.merge("/spec", new Sides(own, "/spec", base, "/spec")));
        Set<String> bases = new TreeSet<>(Set.of(under.path()));
        if (under.tree() instanceof OverlaidTree lower) {
            bases.addAll(lower.bases());
        }
        return new OverlaidTree(root, overlay.origins, over.tree(), bases);
    }

    /** Two mappings and where they stand. */
    private record Sides(
            Map<String, @Nullable Object> over, String above, Map<String, @Nullable Object> under, String below) {}

    private Map<String, @Nullable Object> merge(String pointer, Sides sides) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        sides.under().forEach((name, value) -> {
            String above = JsonPointer.child(sides.above(), name);
            String below = JsonPointer.child(sides.below(), name);
            String here = JsonPointer.child(pointer, name);
            if (!sides.over().containsKey(name)) {
                merged.put(name, take(here, value, new Origin(lower, below)));
            } else if (sides.over().get(name) != null) {
                merged.put(name, put(here, sides.over().get(name), above, value, below));
            }
        });
        sides.over().forEach((name, value) -> {
            if (value != null && !sides.under().containsKey(name)) {
                merged.put(
                        name,
                        take(
                                JsonPointer.child(pointer, name),
                                withoutNulls(value),
                                new Origin(upper, JsonPointer.child(sides.above(), name))));
            }
        });
        return merged;
    }

    private @Nullable Object put(
            String here, @Nullable Object over, String above, @Nullable Object under, String below) {
        String key = NAMED.get(here);
        if (over instanceof Map<?, ?> && under instanceof Map<?, ?>) {
            origins.put(here, new Origin(upper, above));
            return merge(here, new Sides(asMap(over), above, asMap(under), below));
        }
        if (key != null && over instanceof List<?> changes && under instanceof List<?> given) {
            origins.put(here, new Origin(upper, above));
            return mergeNamed(here, key, new Lists(changes, above, given, below));
        }
        return take(here, withoutNulls(over), new Origin(upper, above));
    }

    /** Two lists and where they stand. */
    private record Lists(List<?> over, String above, List<?> under, String below) {
        int find(String key, @Nullable Object name) {
            for (int i = 0; i < over.size(); i++) {
                if (Objects.equals(asMap(over.get(i)).get(key), name)) {
                    return i;
                }
            }
            return -1;
        }
    }

    private List<@Nullable Object> mergeNamed(String here, String key, Lists lists) {
        List<@Nullable Object> merged = new ArrayList<>();
        Set<Integer> used = new TreeSet<>();
        for (int i = 0; i < lists.under().size(); i++) {
            Map<String, @Nullable Object> under = asMap(lists.under().get(i));
            String below = lists.below() + "/" + i;
            int index = lists.find(key, under.get(key));
            if (index < 0) {
                merged.add(take(here + "/" + merged.size(), under, new Origin(lower, below)));
            } else {
                used.add(index);
                Map<String, @Nullable Object> over = asMap(lists.over().get(index));
                String above = lists.above() + "/" + index;
                String element = here + "/" + merged.size();
                origins.put(element, new Origin(upper, above));
                merged.add(merge(element, new Sides(over, above, withoutOtherSources(over, under), below)));
            }
        }
        for (int i = 0; i < lists.over().size(); i++) {
            if (!used.contains(i)) {
                Origin origin = new Origin(upper, lists.above() + "/" + i);
                merged.add(take(
                        here + "/" + merged.size(), withoutNulls(lists.over().get(i)), origin));
            }
        }
        return merged;
    }

    private static Map<String, @Nullable Object> withoutOtherSources(
            Map<String, @Nullable Object> over, Map<String, @Nullable Object> under) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(under);
        for (String source : SOURCES) {
            if (over.containsKey(source)) {
                SOURCES.stream().filter(other -> !other.equals(source)).forEach(rest::remove);
                if (!source.equals("data")) {
                    rest.remove("format");
                }
            }
        }
        return rest;
    }

    /** Takes a value over as it is; its members come from where it does. */
    private @Nullable Object take(String here, @Nullable Object value, Origin origin) {
        origins.put(here, origin);
        if (value instanceof Map<?, ?> map) {
            map.keySet()
                    .forEach(name -> take(
                            JsonPointer.child(here, (String) name),
                            map.get(name),
                            new Origin(origin.tree(), JsonPointer.child(origin.pointer(), (String) name))));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                take(here + "/" + i, list.get(i), new Origin(origin.tree(), origin.pointer() + "/" + i));
            }
        }
        return value;
    }

    /** A patch of what is not there: its nulls take nothing away. */
    private static @Nullable Object withoutNulls(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        map.forEach((name, member) -> {
            if (member != null) {
                kept.put((String) name, withoutNulls(member));
            }
        });
        return kept;
    }

    private static Map<String, @Nullable Object> asMap(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put((String) name, member));
        }
        return members;
    }
}
