package countersign.change.event;

import countersign.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, at its place in the order of one stream. Its JSON is made once and shared by all who read it.
 *
 * @param seq place in the stream, from 1
 * @param type what kind of thing
 * @param change name of the change that it happened to; null if it is about none
 * @param body JSON object as text: {@code type, time, change, person, detail}
 */
public record Event(long seq, EventType type, @Nullable String change, String body) {
    /** Gives a happening its place. */
    public static Event of(long seq, Happening happening) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", happening.type().label());
        members.put("time", happening.time().toString());
        members.put("change", happening.change());
        members.put("person", happening.person());
        members.put("detail", happening.detail());
        return new Event(
                seq, happening.type(), happening.change(), new String(Json.write(members), StandardCharsets.UTF_8));
    }

    /** The JSON object of the API: the body with {@code id} before it. */
    public String json(Cursor cursor) {
        return "{\"id\":\"" + cursor + "\"," + body.substring(1);
    }
}
