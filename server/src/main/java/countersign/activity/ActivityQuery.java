package countersign.activity;

import countersign.codec.Refusal;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which activities are wanted, newest first.
 *
 * @param person only this person's; null for all
 * @param kind only these; null for all
 * @param since not before; null for no bound
 * @param until not after; null for no bound
 * @param before where the page before ended; null for the newest
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}
 */
public record ActivityQuery(
        @Nullable String person,
        @Nullable ActivityKind kind,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Place before,
        int limit) {
    public static final int MAX_LIMIT = 500;

    public ActivityQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new Refusal("limit-out-of-range", "limit must be 1 to " + MAX_LIMIT + ", is " + limit);
        }
    }

    /** An entry of a segment; entries below it come next. */
    public record Place(Segment segment, long index) {
        private static final Pattern FORM = Pattern.compile("([0-9-]{1,12}):([0-9]{1,18})");

        /** Reads what {@link #toString} writes; a Refusal {@code malformed-cursor} otherwise. */
        public static Place parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches() || !Segment.isName(matcher.group(1))) {
                throw new Refusal("malformed-cursor", "a cursor is what the field next of a page says, found: " + text);
            }
            return new Place(Segment.parse(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }

        @Override
        public String toString() {
            return segment + ":" + index;
        }
    }

    boolean matches(Activity activity) {
        return (person == null || person.equals(activity.what().person()))
                && (kind == null || kind == activity.what().kind())
                && (since == null || !activity.time().isBefore(since))
                && (until == null || !activity.time().isAfter(until));
    }
}
