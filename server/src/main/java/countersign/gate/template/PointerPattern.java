package countersign.gate.template;

import countersign.codec.JsonPointer;
import java.util.List;

/**
 * A JSON pointer some parts of which may be any.
 *
 * @param text the pointer; a part that is {@code *} stands for any
 */
record PointerPattern(String text) {
    /** Whether a pointer is one of these, or lies below one. */
    boolean covers(String pointer) {
        List<String> wanted = JsonPointer.parts(text);
        List<String> parts = JsonPointer.parts(pointer);
        return parts.size() >= wanted.size() && meets(wanted, parts);
    }

    /** Whether a pointer is one of these. */
    boolean matches(String pointer) {
        return JsonPointer.parts(text).size() == JsonPointer.parts(pointer).size() && covers(pointer);
    }

    private static boolean meets(List<String> wanted, List<String> parts) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.get(i).equals("*") && !wanted.get(i).equals(parts.get(i))) {
                return false;
            }
        }
        return true;
    }
}
