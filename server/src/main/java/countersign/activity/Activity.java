package countersign.activity;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody did to the server, or tried. Never holds a secret.
 *
 * @param time when; of several, when the first was
 * @param what what it was
 * @param count how many times
 */
public record Activity(Instant time, What what, long count) {
    private static final int MAX_BYTES = 16 << 10;
    private static final int MAX_DETAIL = 300;

    /**
     * What several occurrences have in common.
     *
     * @param kind what kind of thing
     * @param person who did it; null if that is not known
     * @param network where it came from; null for the machine itself
     * @param detail what else is known; values are cut to {@value #MAX_DETAIL} characters
     */
    public record What(
            ActivityKind kind,
            @Nullable String person,
            @Nullable String network,
            SortedMap<String, String> detail) {
        public What {
            TreeMap<String, String> cut = new TreeMap<>();
            detail.forEach((name, value) ->
                    cut.put(name, value.length() > MAX_DETAIL ? value.substring(0, MAX_DETAIL) : value));
            detail = java.util.Collections.unmodifiableSortedMap(cut);
        }

        public static What of(
                ActivityKind kind, @Nullable String person, @Nullable String network, Map<String, String> detail) {
            return new What(kind, person, network, new TreeMap<>(detail));
        }
    }

    /** The entry of the log: canonical JSON. */
    byte[] bytes() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("kind", what.kind().label());
        members.put("time", time.toString());
        members.put("person", what.person());
        members.put("network", what.network());
        members.put("count", count);
        members.put("detail", what.detail());
        return CanonicalJson.write(members);
    }

    /** Reads an entry of the log. */
    public static Activity parse(byte[] bytes) {
        Fields fields = Fields.of("activity", CanonicalJson.readObject("activity", bytes, MAX_BYTES));
        What what = What.of(
                ActivityKind.get(fields.text("kind")),
                fields.textOrNull("person"),
                fields.textOrNull("network"),
                fields.texts("detail"));
        return new Activity(fields.instant("time"), what, fields.integer("count"));
    }
}
