package countersign.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain document values (Map, List, String, number, Boolean, null) taken apart by JSON pointer (RFC 6901). */
final class Values {
    private Values() {}

    /** The members of an object by name or the elements of a list by index; none for anything else. */
    static Map<String, @Nullable Object> members(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put((String) name, member));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                members.put(Integer.toString(i), list.get(i));
            }
        }
        return members;
    }

    /** A member's name as one segment of a pointer. */
    static String escape(String name) {
        return name.indexOf('~') < 0 && name.indexOf('/') < 0
                ? name
                : name.replace("~", "~0").replace("/", "~1");
    }

    static String unescape(String segment) {
        return segment.replace("~1", "/").replace("~0", "~");
    }

    /** Whether a pointer names a value inside a value. */
    static boolean contains(@Nullable Object value, String pointer) {
        if (pointer.isEmpty()) {
            return true;
        }
        int end = pointer.indexOf('/', 1);
        String name = unescape(pointer.substring(1, end < 0 ? pointer.length() : end));
        Map<String, @Nullable Object> members = members(value);
        return members.containsKey(name) && contains(members.get(name), end < 0 ? "" : pointer.substring(end));
    }
}
