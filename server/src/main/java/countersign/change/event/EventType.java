package countersign.change.event;

import countersign.codec.Refusal;
import java.util.Arrays;
import java.util.Locale;

/** What kinds of things happen: to changes, and to all of them at once. */
public enum EventType {
    CHANGE_OPENED,
    CHANGE_REVISED,
    /** A push moved the window in which it may merge. */
    CHANGE_RESCHEDULED,
    /** A push made it and another open change get in each other's way. */
    CHANGE_CONFLICTED,
    /** A signed statement about it was logged. */
    CHANGE_VOTED,
    /** Something about it blocks. */
    CHANGE_DRAFT,
    /** It waits for signatures. */
    CHANGE_REVIEW,
    CHANGE_APPROVED,
    CHANGE_REJECTED,
    CHANGE_WITHDRAWN,
    CHANGE_MERGED,
    CHANGE_APPLYING,
    /** It is applied everywhere and waits to be confirmed. */
    CHANGE_SOAKING,
    CHANGE_CONFIRMED,
    CHANGE_FAILED,
    CHANGE_ROLLED_BACK,
    UNIT_APPLIED,
    UNIT_UNCHANGED,
    UNIT_FAILED,
    UNIT_ROLLED_BACK,
    UNIT_HELD,
    UNIT_SUPERSEDED,
    MAIN_MOVED,
    /** An order to stop all merges and applications was logged. */
    EVERYTHING_STOPPED,
    EVERYTHING_RESUMED,
    /** A revocation of a key was logged. */
    KEY_REVOKED,
    COMMENT_ADDED,
    COMMENT_EDITED,
    THREAD_RESOLVED,
    THREAD_REOPENED;

    /** The word in the API, for example {@code change.rolled-back}. */
    public String label() {
        String name = name().toLowerCase(Locale.ROOT);
        int dot = name.indexOf('_');
        return name.substring(0, dot) + "." + name.substring(dot + 1).replace('_', '-');
    }

    /** The type with this label, or a Refusal {@code unknown-event-type}. */
    public static EventType get(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "unknown-event-type",
                        "no event is called " + label + "; there are "
                                + Arrays.stream(values()).map(EventType::label).toList()));
    }
}
