package countersign.notify;

import countersign.change.event.EventType;
import countersign.codec.Refusal;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: where events are sent. Its secret is no part of it.
 *
 * @param id 16 hexadecimal digits
 * @param name what its owner calls it, one line
 * @param url where messages are posted
 * @param types only these events; empty for all
 * @param person who made it
 * @param createdAt when
 * @param enabled whether anything is sent
 * @param reason why the server disabled it; null if it did not
 * @param failingSince the first failure behind the last success; null if the last attempt succeeded
 */
public record Webhook(
        String id,
        String name,
        URI url,
        Set<EventType> types,
        String person,
        Instant createdAt,
        boolean enabled,
        @Nullable String reason,
        @Nullable Instant failingSince) {
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final int MAX_URL = 2_000;

    public Webhook {
        types = Set.copyOf(types);
        if (!NAME.matcher(name).matches()) {
            throw new Refusal("malformed-webhook-name", "a webhook's name is one line of 1 to 100 characters");
        }
    }

    /** An address to which messages can be posted, or a Refusal {@code malformed-webhook-url}. */
    static URI url(String text) {
        try {
            URI url = URI.create(text);
            boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (web
                    && text.length() <= MAX_URL
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            throw malformedUrl();
        }
        throw malformedUrl();
    }

    boolean wants(EventType type) {
        return types.isEmpty() || types.contains(type);
    }

    /** The same, switched on or off by a person. */
    Webhook switched(boolean on) {
        return new Webhook(id, name, url, types, person, createdAt, on, null, null);
    }

    Webhook disabled(String because) {
        return new Webhook(id, name, url, types, person, createdAt, false, because, failingSince);
    }

    Webhook succeeded() {
        return new Webhook(id, name, url, types, person, createdAt, enabled, reason, null);
    }

    Webhook failed(Instant time) {
        Instant since = failingSince == null ? time : failingSince;
        return new Webhook(id, name, url, types, person, createdAt, enabled, reason, since);
    }

    private static Refusal malformedUrl() {
        return new Refusal(
                "malformed-webhook-url",
                "a webhook's URL is absolute, http or https, and has no user, password or fragment",
                "for example https://chat.example/hooks/countersign");
    }
}
