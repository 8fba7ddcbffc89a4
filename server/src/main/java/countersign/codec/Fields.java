package countersign.codec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one object by name and type, and refuses what has another type, is missing, or was never asked
 * for. {@code what} names the object in a refusal, for example {@code statement}. Not thread-safe; used within a method.
 */
public final class Fields {
    private final String what;
    private final Map<?, ?> members;
    private final Set<String> asked = new HashSet<>();

    private Fields(String what, Map<?, ?> members) {
        this.what = what;
        this.members = members;
    }

    public static Fields of(String what, Map<?, ?> members) {
        return new Fields(what, members);
    }

    public boolean has(String name) {
        asked.add(name);
        return members.get(name) != null;
    }

    public String text(String name) {
        return require(name, String.class, "a string");
    }

    public @Nullable String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    public String textOr(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    public long integer(String name) {
        return require(name, Number.class, "an integer").longValue();
    }

    /** An integer of at most 32 bits. */
    public int smallInteger(String name) {
        long value = integer(name);
        if (value != (int) value) {
            throw new Refusal("wrong-type", what + "/" + name + " is " + value + ", which does not fit 32 bits");
        }
        return (int) value;
    }

    public int integerOr(String name, int otherwise) {
        return has(name) ? Math.toIntExact(integer(name)) : otherwise;
    }

    public boolean flag(String name) {
        return has(name) && require(name, Boolean.class, "true or false");
    }

    public Instant instant(String name) {
        return parse(name, () -> Instant.parse(text(name)), "a UTC time such as 2026-11-21T10:00:00Z");
    }

    public @Nullable Instant instantOrNull(String name) {
        return has(name) ? instant(name) : null;
    }

    public Duration duration(String name) {
        return parse(name, () -> Duration.parse(text(name)), "an ISO 8601 duration such as PT24H");
    }

    public Sha256 digest(String name) {
        return new Sha256(text(name));
    }

    public @Nullable Sha256 digestOrNull(String name) {
        return has(name) ? digest(name) : null;
    }

    /** An enum constant written in lower case with dashes, as {@code Name.of} of that enum would print it. */
    public <E extends Enum<E>> E constant(String name, Class<E> type) {
        return parse(
                name,
                () -> Enum.valueOf(
                        type, text(name).toUpperCase(java.util.Locale.ROOT).replace('-', '_')),
                "one of " + List.of(type.getEnumConstants()));
    }

    public Fields object(String name) {
        return new Fields(what + "/" + name, require(name, Map.class, "an object"));
    }

    public @Nullable Fields objectOrNull(String name) {
        return has(name) ? object(name) : null;
    }

    /** The members of an object with free keys and text values; empty if absent. */
    public Map<String, String> texts(String name) {
        if (!has(name)) {
            return Map.of();
        }
        Map<String, String> texts = new java.util.LinkedHashMap<>();
        Fields object = object(name);
        for (Object key : object.members.keySet()) {
            texts.put((String) key, object.text((String) key));
        }
        return texts;
    }

    /** A list of strings; empty if absent. */
    public List<String> textList(String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof String text)) {
                throw wrongType(name, "a list of strings");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** A list of objects; empty if absent. */
    public List<Fields> objectList(String name) {
        List<Fields> objects = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof Map<?, ?> map)) {
                throw wrongType(name, "a list of objects");
            }
            objects.add(new Fields(what + "/" + name + "/" + objects.size(), map));
        }
        return List.copyOf(objects);
    }

    /** A list of objects as plain maps; empty if absent. */
    public List<Map<String, @Nullable Object>> mapList(String name) {
        List<Map<String, @Nullable Object>> maps = new ArrayList<>();
        for (Fields object : objectList(name)) {
            Map<String, @Nullable Object> map = new java.util.LinkedHashMap<>();
            object.members.forEach((key, value) -> map.put((String) key, value));
            maps.add(map);
        }
        return maps;
    }

    /** The member as it is: Map, List, String, Long, Double, Boolean or null. */
    public @Nullable Object raw(String name) {
        asked.add(name);
        return members.get(name);
    }

    /** Refuses members that nobody asked for. Call it last. */
    public void end() {
        for (Object key : members.keySet()) {
            if (!asked.contains(key)) {
                throw new Refusal("unknown-field", what + " has an unknown field: " + key);
            }
        }
    }

    private List<?> elements(String name) {
        return has(name) ? require(name, List.class, "a list") : List.of();
    }

    private <T> T require(String name, Class<T> type, String expected) {
        asked.add(name);
        Object value = members.get(name);
        if (value == null) {
            throw new Refusal("missing-field", what + " needs the field " + name + ": " + expected);
        }
        if (!type.isInstance(value)) {
            throw wrongType(name, expected);
        }
        return type.cast(value);
    }

    private Refusal wrongType(String name, String expected) {
        return new Refusal("wrong-type", what + "/" + name + " must be " + expected);
    }

    private <T> T parse(String name, Supplier<T> parser, String expected) {
        try {
            return parser.get();
        } catch (DateTimeException | IllegalArgumentException malformed) {
            throw wrongType(name, expected);
        }
    }
}
