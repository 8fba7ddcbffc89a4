package countersign.manifest.rendering;

import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parts of documents as values that have a canonical form. */
public final class Plain {
    private Plain() {}

    /** The same value; a number that is no 64-bit integer is a Refusal, because it has no canonical form. */
    public static @Nullable Object of(String where, @Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Long || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put((String) key, of(where, member)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(of(where, element)));
            return copy;
        }
        throw new Refusal(
                "no-canonical-form",
                where + " holds the number " + value + ", which is not a 64-bit integer",
                "quote it");
    }
}
