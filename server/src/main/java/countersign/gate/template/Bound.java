package countersign.gate.template;

import countersign.codec.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a value may become.
 *
 * @param pointer which value
 * @param minimum the smallest number; null for no limit
 * @param maximum the greatest number; null for no limit
 * @param oneOf its possible values; empty for any
 */
public record Bound(
        PointerPattern pointer,
        @Nullable BigDecimal minimum,
        @Nullable BigDecimal maximum,
        List<?> oneOf) {
    static Bound of(Fields fields) {
        Object values = fields.raw("oneOf");
        return new Bound(
                new PointerPattern(fields.text("pointer")),
                number(fields.raw("minimum")),
                number(fields.raw("maximum")),
                values instanceof List<?> list ? list : List.of());
    }

    /** What is wrong with a value that a change leaves there; empty if nothing is. */
    Optional<String> problem(String at, Optional<Object> value) {
        if (!pointer.matches(at)) {
            return Optional.empty();
        }
        if (value.isEmpty()) {
            return Optional.of("takes " + at + " away, which has bounds");
        }
        if (!oneOf.isEmpty() && oneOf.stream().noneMatch(allowed -> same(allowed, value.get()))) {
            return Optional.of("makes " + at + " " + value.get() + ", allowed are " + oneOf);
        }
        BigDecimal number = number(value.get());
        boolean inside = (minimum == null || (number != null && number.compareTo(minimum) >= 0))
                && (maximum == null || (number != null && number.compareTo(maximum) <= 0));
        return inside ? Optional.empty() : Optional.of("makes " + at + " " + value.get() + ", allowed is " + range());
    }

    private String range() {
        return (minimum == null ? "" : "from " + minimum.toPlainString() + " ")
                + (maximum == null ? "upwards" : "to " + maximum.toPlainString());
    }

    private static boolean same(Object allowed, Object value) {
        BigDecimal left = number(allowed);
        BigDecimal right = number(value);
        if (left == null || right == null) {
            return allowed.equals(value);
        }
        return left.compareTo(right) == 0;
    }

    private static @Nullable BigDecimal number(@Nullable Object value) {
        return value instanceof Number number ? new BigDecimal(number.toString()) : null;
    }
}
