package countersign.policy.testing;

import countersign.codec.JsonPointer;
import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A copy of plain values in which single values are set and removed by JSON pointer. Not thread-safe. */
final class Patch {
    private final Map<String, @Nullable Object> root;

    Patch(Map<?, ?> original) {
        root = copy(original);
    }

    Map<String, @Nullable Object> root() {
        return root;
    }

    /** Sets a value; makes the objects on the way, and appends to a list where the pointer ends in {@code -}. */
    void set(String pointer, @Nullable Object value) {
        Object parent = root;
        List<String> parts = JsonPointer.parts(pointer);
        for (String part : parts.subList(0, parts.size() - 1)) {
            parent = step(parent, part, pointer);
        }
        put(parent, parts.get(parts.size() - 1), copyOf(value), pointer);
    }

    /** Removes a value that must be there. */
    void remove(String pointer) {
        Object parent = JsonPointer.find(root, JsonPointer.parent(pointer)).orElse(root);
        String name = JsonPointer.last(pointer);
        if (parent instanceof Map<?, ?> map && map.containsKey(name)) {
            map.remove(name);
        } else if (parent instanceof List<?> list && index(list, name, pointer) < list.size()) {
            list.remove(index(list, name, pointer));
        } else {
            throw missing(pointer);
        }
    }

    private static Object step(Object parent, String part, String pointer) {
        if (parent instanceof List<?> list && index(list, part, pointer) < list.size()) {
            Object element = list.get(index(list, part, pointer));
            if (element == null) {
                throw missing(pointer);
            }
            return element;
        }
        if (!(parent instanceof Map<?, ?> map)) {
            throw missing(pointer);
        }
        Object member = map.get(part);
        if (member == null) {
            member = new LinkedHashMap<String, @Nullable Object>();
            put(parent, part, member, pointer);
        }
        return member;
    }

    @SuppressWarnings("unchecked") // every container here is our own copy
    private static void put(Object parent, String name, @Nullable Object value, String pointer) {
        if (parent instanceof Map<?, ?> map) {
            ((Map<String, @Nullable Object>) map).put(name, value);
        } else if (parent instanceof List<?> list) {
            List<@Nullable Object> elements = (List<@Nullable Object>) list;
            if (name.equals("-")) {
                elements.add(value);
            } else if (index(list, name, pointer) < elements.size()) {
                elements.set(index(list, name, pointer), value);
            } else {
                throw missing(pointer);
            }
        } else {
            throw missing(pointer);
        }
    }

    private static int index(List<?> list, String part, String pointer) {
        if (part.isEmpty() || part.length() > 6 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw missing(pointer);
        }
        return Math.min(list.size(), Integer.parseInt(part));
    }

    private static Refusal missing(String pointer) {
        return new Refusal("pointer-not-found", "the base has no place for " + pointer);
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, value) -> copy.put((String) name, copyOf(value)));
        return copy;
    }

    private static @Nullable Object copyOf(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copyOf(element)));
            return copy;
        }
        return value;
    }
}
