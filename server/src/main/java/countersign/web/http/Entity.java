package countersign.web.http;

import countersign.codec.Sha256;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a client may keep and ask for again by their tag.
 *
 * @param tag the strong entity tag, with its quotes
 * @param mediaType their type
 * @param caching the {@code Cache-Control} header
 * @param bytes the bytes; not copied, never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Entity(String tag, String mediaType, String caching, byte[] bytes) {
    /** Kept by the client alone: who may read was judged for one caller. */
    private static final String FOR_EVER = "private, max-age=31536000, immutable";

    private static final String ASK_AGAIN = "no-cache";
    private static final int TAG_DIGITS = 32;

    /** JSON that may change; the tag is made of the bytes. */
    public static Entity json(byte[] bytes) {
        return new Entity(tag(Sha256.of(bytes).hex().substring(0, TAG_DIGITS)), "application/json", ASK_AGAIN, bytes);
    }

    /** Bytes that may change, whose tag is known. */
    public static Entity of(String tag, String mediaType, byte[] bytes) {
        return new Entity(tag(tag), mediaType, ASK_AGAIN, bytes);
    }

    /** Bytes that never change, whose tag is known. */
    public static Entity forEver(String tag, String mediaType, byte[] bytes) {
        return new Entity(tag(tag), mediaType, FOR_EVER, bytes);
    }

    public static String tag(String text) {
        return "\"" + text + "\"";
    }

    /** Whether a list of tags, as {@code If-None-Match} and {@code If-Match} have it, names this one; null names none. */
    public static boolean names(@Nullable String list, String tag) {
        return list != null
                && (list.equals(tag)
                        || list.equals("*")
                        || Arrays.stream(list.split(",", -1))
                                .map(String::strip)
                                .anyMatch(one -> one.equals(tag) || one.equals("W/" + tag)));
    }
}
