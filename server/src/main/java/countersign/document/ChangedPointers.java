package countersign.document;

import countersign.codec.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON pointers at which two sides of a document differ: every value that was added, removed or altered, down to the
 * leaves of added and removed parts. Lists are compared by index.
 */
public final class ChangedPointers {
    private final List<String> pointers = new ArrayList<>();

    private ChangedPointers() {}

    /** Of two sides, either of which may be absent. */
    public static List<String> between(@Nullable Document before, @Nullable Document after) {
        ChangedPointers difference = new ChangedPointers();
        difference.compare("", root(before), root(after));
        return difference.pointers;
    }

    private static @Nullable Object root(@Nullable Document document) {
        return document == null ? null : document.tree().root();
    }

    private void compare(String pointer, @Nullable Object before, @Nullable Object after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (!pointer.isEmpty() && !(before instanceof Map && after instanceof Map)) {
            pointers.add(pointer);
        }
        Map<String, @Nullable Object> left = members(before);
        Map<String, @Nullable Object> right = members(after);
        TreeSet<String> names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        for (String name : names) {
            compareMember(JsonPointer.child(pointer, name), name, left, right);
        }
    }

    private void compareMember(
            String pointer, String name, Map<String, @Nullable Object> left, Map<String, @Nullable Object> right) {
        if (left.containsKey(name) && right.containsKey(name)) {
            compare(pointer, left.get(name), right.get(name));
        } else if (left.containsKey(name)) {
            addAll(pointer, left.get(name));
        } else {
            addAll(pointer, right.get(name));
        }
    }

    private void addAll(String pointer, @Nullable Object value) {
        pointers.add(pointer);
        members(value).forEach((name, member) -> addAll(JsonPointer.child(pointer, name), member));
    }

    /** The members of an object by name or the elements of a list by index; none for anything else. */
    private static Map<String, @Nullable Object> members(@Nullable Object value) {
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
}
