package countersign.policy;

import countersign.codec.Refusal;
import countersign.policy.cel.CelValues;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The type of a parameter, in CEL's words: {@code string}, {@code int}, {@code double}, {@code bool}, {@code duration}
 * (written in ISO 8601, such as P398D), {@code timestamp} (a day or a moment in UTC), {@code list(T)}, {@code map(T)} by
 * strings, and {@code dyn} for anything.
 *
 * @param word the word before the parenthesis
 * @param element the type in parentheses, if there is one
 */
public record ParameterType(String word, @Nullable ParameterType element) {
    private static final Set<String> PLAIN = Set.of("string", "int", "double", "bool", "duration", "timestamp", "dyn");
    private static final int MAX_DEPTH = 4;

    /** Reads a type; refuses {@code unknown-type}. */
    static ParameterType of(String text) {
        return of(text, MAX_DEPTH);
    }

    private static ParameterType of(String text, int depth) {
        int open = text.indexOf('(');
        if (PLAIN.contains(text)) {
            return new ParameterType(text, null);
        } else if (depth > 0
                && open > 0
                && text.endsWith(")")
                && Set.of("list", "map").contains(text.substring(0, open))) {
            return new ParameterType(
                    text.substring(0, open), of(text.substring(open + 1, text.length() - 1), depth - 1));
        }
        throw new Refusal(
                "unknown-type",
                "there is no type " + text + " of parameters",
                "use string, int, double, bool, duration, timestamp, dyn, list(…) or map(…)");
    }

    /** The value as rules see it; refuses {@code parameter-type} if it is of another type. */
    Object read(String name, @Nullable Object value) {
        try {
            return read(value);
        } catch (ClassCastException | DateTimeException | IllegalArgumentException other) {
            throw new Refusal(
                    "parameter-type", "the parameter " + name + " must be of type " + this + ", it is " + value);
        }
    }

    private Object read(@Nullable Object value) {
        Object known = CelValues.of(value);
        return switch (word) {
            case "string" -> (String) known;
            case "bool" -> (Boolean) known;
            case "int" -> (Long) known;
            case "double" -> ((Number) known).doubleValue();
            case "duration" -> Duration.parse((String) known);
            case "timestamp" -> moment((String) known);
            case "list" -> elements((List<?>) known);
            case "map" -> members((Map<?, ?>) known);
            default -> known;
        };
    }

    private List<Object> elements(List<?> list) {
        return list.stream().map(this::readElement).toList();
    }

    private Map<Object, Object> members(Map<?, ?> map) {
        Map<Object, Object> members = new LinkedHashMap<>();
        map.forEach((name, member) -> members.put(name, readElement(member)));
        return members;
    }

    private Object readElement(@Nullable Object value) {
        if (element == null) {
            throw new IllegalStateException(word + " without a type of elements");
        }
        return element.read(value);
    }

    private static Instant moment(String text) {
        return text.contains("T")
                ? Instant.parse(text)
                : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    @Override
    public String toString() {
        return element == null ? word : word + "(" + element + ")";
    }
}
