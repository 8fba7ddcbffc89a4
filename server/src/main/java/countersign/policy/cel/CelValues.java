package countersign.policy.cel;

import countersign.codec.Refusal;
import dev.cel.common.values.NullValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java values in the form that CEL computes with. A Java null or Integer inside a map would make comparisons come to
 * something that is neither true nor false, so none gets through.
 */
public final class CelValues {
    private CelValues() {}

    /** The value with CEL's null and 64-bit integers; refuses numbers that CEL does not have. */
    public static Object of(@Nullable Object value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>(map.size() * 2);
            map.forEach((name, member) -> copy.put(name, of(member)));
            return copy;
        } else if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(of(element)));
            return copy;
        } else if (value instanceof Integer number) {
            return number.longValue();
        } else if (value instanceof BigInteger number) {
            throw new Refusal("number-range", "the integer " + number + " has more than 64 bits");
        }
        return value;
    }
}
