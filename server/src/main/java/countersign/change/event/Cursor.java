package countersign.change.event;

import countersign.codec.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a stream of events, which is also the id of the event at that place.
 *
 * @param stream the stream; another one begins when the database is made anew
 * @param seq how many events are before and at this place
 */
public record Cursor(String stream, long seq) {
    private static final Pattern FORM = Pattern.compile("([0-9a-z]{1,16})-([0-9]{1,18})");

    /** Reads a cursor; a Refusal {@code malformed-cursor} if it is none. */
    public static Cursor parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new Refusal("malformed-cursor", "a cursor is the id of an event, found: " + text);
        }
        return new Cursor(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return stream + "-" + seq;
    }
}
