package countersign.apply.plan;

import countersign.codec.JsonPointer;
import countersign.codec.Place;
import countersign.document.Document;
import countersign.document.overlay.OverlaidTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which file says each key of a system that is put over a base.
 *
 * @param places by path of the file and name of the key
 */
record Origins(Map<String, Map<String, String>> places) {
    /** Of a system that says everything itself. */
    static final Origins NONE = new Origins(Map.of());

    static Origins of(Document system) {
        if (!(system.tree() instanceof OverlaidTree)) {
            return NONE;
        }
        Map<String, Map<String, String>> places = new HashMap<>();
        Object files = JsonPointer.find(system.tree().root(), "/spec/files").orElse(List.of());
        for (int i = 0; files instanceof List<?> list && i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> file
                    && file.get("path") instanceof String path
                    && file.get("data") instanceof Map<?, ?> data) {
                Map<String, String> keys = new HashMap<>();
                note(system, "/spec/files/" + i + "/data", "", data, keys);
                places.put(path, keys);
            }
        }
        return new Origins(places);
    }

    Optional<String> find(String path, String key) {
        return Optional.ofNullable(places.getOrDefault(path, Map.of()).get(key));
    }

    /** Names keys as {@link KeyValues} does. */
    private static void note(
            Document system, String pointer, String key, @Nullable Object value, Map<String, String> keys) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((name, member) -> note(
                    system,
                    JsonPointer.child(pointer, (String) name),
                    key.isEmpty() ? (String) name : key + "." + name,
                    member,
                    keys));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                String element = key + "[" + KeyValues.indexOf(list.get(i), i) + "]";
                note(system, pointer + "/" + i, element, list.get(i), keys);
            }
        } else {
            Place place = system.tree().placeOf(pointer);
            keys.put(key, place.path() + ":" + place.line());
        }
    }
}
