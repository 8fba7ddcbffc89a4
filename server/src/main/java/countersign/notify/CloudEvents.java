package countersign.notify;

import countersign.change.event.Cursor;
import countersign.change.event.Event;
import countersign.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">CloudEvents 1.0</a>. */
final class CloudEvents {
    static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";
    private static final String PREFIX = "dev.countersign.";

    private final String source;

    /** @param source URI of where events come from, the same for ever */
    CloudEvents(String source) {
        this.source = source;
    }

    Delivery.Message of(Event event, Cursor cursor) {
        Map<String, @Nullable Object> data =
                Json.readObject("event", event.json(cursor).getBytes(StandardCharsets.UTF_8));
        Object time = data.get("time");
        return message(cursor.toString(), event.type().label(), event.change(), String.valueOf(time), data);
    }

    /** One that says only that messages arrive. */
    Delivery.Message ping(String id, String webhook, Instant now) {
        return message(id, "webhook.ping", null, now.toString(), Map.of("webhook", webhook));
    }

    private Delivery.Message message(
            String id, String type, @Nullable String subject, String time, Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("specversion", "1.0");
        members.put("id", id);
        members.put("source", source);
        members.put("type", PREFIX + type);
        if (subject != null) {
            members.put("subject", subject);
        }
        members.put("time", time);
        members.put("datacontenttype", "application/json");
        members.put("data", data);
        return new Delivery.Message(id, type, new String(Json.write(members), StandardCharsets.UTF_8));
    }
}
