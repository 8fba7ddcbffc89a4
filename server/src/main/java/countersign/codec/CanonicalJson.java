package countersign.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The canonical bytes that are hashed and signed: the subset of RFC 8785 with objects, arrays, strings, integers,
 * booleans and null, followed by one LF. Object members are in the order of their UTF-16 code units; arrays keep the
 * order they are given.
 */
public final class CanonicalJson {
    /** Orders strings by their UTF-8 bytes, as every sorted array of the protocol is. */
    public static final Comparator<String> UTF8_ORDER = (left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    static final int MAX_DEPTH = 32;

    private CanonicalJson() {}

    /** The bytes of a value made of Map, List, String, Long or Integer, Boolean and null. */
    public static byte[] write(@Nullable Object value) {
        StringBuilder out = new StringBuilder(256);
        append(out, value, 0);
        return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads bytes that {@link #write} could have written, and refuses all others: unsorted or duplicate members, spaces,
     * fractions, other escapes, a missing or second LF.
     *
     * @param what names the input in a refusal, for example {@code statement}
     */
    public static Map<String, @Nullable Object> readObject(String what, byte[] bytes, int maxBytes) {
        if (bytes.length > maxBytes) {
            throw new Refusal("too-large", what + " has " + bytes.length + " bytes, at most " + maxBytes + " allowed");
        }
        Object value = Json.readCanonical(what, bytes);
        if (!(value instanceof Map<?, ?> map)) {
            throw new Refusal("not-canonical", what + " is not a JSON object");
        }
        if (!Arrays.equals(write(map), bytes)) {
            throw new Refusal(
                    "not-canonical",
                    what + " is not in canonical form (RFC 8785, integers only, one final LF)",
                    "use the bytes as the server gave them, unchanged");
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((key, member) -> object.put((String) key, member));
        return object;
    }

    /**
     * Refuses bytes that say what they mean in another way than they would be written, for example a time with needless
     * digits or a list in another order.
     *
     * @param what names the input in the refusal
     * @param written the bytes as they would be written
     */
    public static void requireSame(String what, byte[] written, byte[] bytes) {
        requireSame(what, Arrays.equals(written, bytes));
    }

    /** The same for one value, where nothing else can be said in two ways. */
    public static void requireSame(String what, String written, String text) {
        requireSame(what, written.equals(text));
    }

    private static void requireSame(String what, boolean same) {
        if (!same) {
            throw new Refusal(
                    "not-canonical",
                    what + " is not written as its reader would write it",
                    "use the bytes as the server gave them, unchanged");
        }
    }

    private static void append(StringBuilder out, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Refusal("too-deep", "a canonical value is at most " + MAX_DEPTH + " levels deep");
        }
        if (value == null || value instanceof Boolean || value instanceof Long || value instanceof Integer) {
            out.append(value);
        } else if (value instanceof String text) {
            appendText(out, text);
        } else if (value instanceof Map<?, ?> map) {
            appendObject(out, map, depth);
        } else if (value instanceof List<?> list) {
            appendArray(out, list, depth);
        } else {
            throw new Refusal(
                    "not-canonical",
                    "no canonical form for a " + value.getClass().getSimpleName());
        }
    }

    private static void appendObject(StringBuilder out, Map<?, ?> map, int depth) {
        String separator = "{";
        String[] keys = map.keySet().toArray(new String[0]);
        Arrays.sort(keys);
        for (String key : keys) {
            appendText(out.append(separator), key);
            append(out.append(':'), map.get(key), depth + 1);
            separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private static void appendArray(StringBuilder out, List<?> list, int depth) {
        String separator = "[";
        for (Object element : list) {
            append(out.append(separator), element, depth + 1);
            separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            int plain = plainUntil(text, i);
            out.append(text, i, plain);
            i = plain;
            if (i < text.length()) {
                char c = text.charAt(i);
                if (Character.isSurrogate(c)) {
                    i = appendPair(out, text, i);
                } else {
                    appendEscaped(out, c);
                }
            }
        }
        out.append('"');
    }

    /** Where the characters that stand for themselves end. */
    private static int plainUntil(String text, int from) {
        int end = from;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c != '"' && c != '\\' && !Character.isSurrogate(c);
    }

    private static int appendPair(StringBuilder out, String text, int high) {
        if (!Character.isHighSurrogate(text.charAt(high))
                || high + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(high + 1))) {
            throw new Refusal("not-canonical", "a lone surrogate has no UTF-8 form");
        }
        out.append(text, high, high + 2);
        return high + 1;
    }

    private static void appendEscaped(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append(String.format("\\u%04x", (int) c));
        }
    }
}
