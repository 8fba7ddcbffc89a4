package countersign.change.event;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, before it has its place in the order.
 *
 * @param type what kind of thing
 * @param time when
 * @param change name of the change that it happened to; null if it is about none
 * @param person name of the person who did it; null if nobody in particular did
 * @param detail what else is known, as plain JSON values
 */
public record Happening(
        EventType type,
        Instant time,
        @Nullable String change,
        @Nullable String person,
        Map<String, @Nullable Object> detail) {
    public Happening {
        detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    }
}
