package countersign.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON pointers (RFC 6901) over trees of Map and List. */
public final class JsonPointer {
    private JsonPointer() {}

    /** The pointer to a member or element of what {@code parent} names. */
    public static String child(String parent, String name) {
        return parent + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** The unescaped parts of a pointer; empty for the root. */
    public static List<String> parts(String pointer) {
        List<String> parts = new ArrayList<>();
        int start = 1;
        while (start <= pointer.length()) {
            int end = pointer.indexOf('/', start);
            String part = end < 0 ? pointer.substring(start) : pointer.substring(start, end);
            parts.add(part.replace("~1", "/").replace("~0", "~"));
            start = end < 0 ? pointer.length() + 1 : end + 1;
        }
        return List.copyOf(parts);
    }

    /** The pointer without its last part; the root's parent is the root. */
    public static String parent(String pointer) {
        int slash = pointer.lastIndexOf('/');
        return slash <= 0 ? "" : pointer.substring(0, slash);
    }

    /** The last part, unescaped; empty for the root. */
    public static String last(String pointer) {
        List<String> parts = parts(pointer);
        return parts.isEmpty() ? "" : parts.get(parts.size() - 1);
    }

    /** The value a pointer names; empty if there is none or if it is null. */
    public static Optional<Object> find(Object root, String pointer) {
        Object value = root;
        for (String part : parts(pointer)) {
            Object next = null;
            if (value instanceof Map<?, ?> map) {
                next = map.get(part);
            } else if (value instanceof List<?> list && isIndex(part, list.size())) {
                next = list.get(Integer.parseInt(part));
            }
            if (next == null) {
                return Optional.empty();
            }
            value = next;
        }
        return Optional.of(value);
    }

    private static boolean isIndex(String part, int size) {
        boolean digits = !part.isEmpty() && part.length() <= 9 && part.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && Integer.parseInt(part) < size;
    }
}
