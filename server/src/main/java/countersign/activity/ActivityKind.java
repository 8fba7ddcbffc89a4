package countersign.activity;

import countersign.codec.Refusal;
import java.util.Arrays;
import java.util.Locale;

/** What kinds of activity are noted. */
public enum ActivityKind {
    /** A segment of the log begins. */
    LOG_BEGAN,
    SIGNED_IN,
    SIGN_IN_REFUSED,
    /** The first use in an hour, and then how many more there were. */
    TOKEN_USED,
    TOKEN_ISSUED,
    TOKEN_REVOKED,
    PASSWORD_SET,
    PASSWORD_CLEARED,
    /** A running server was asked to copy itself, keys and all. */
    BACKUP_BEGUN,
    /** A request that was not let in. */
    REFUSED,
    WEBHOOK_CREATED,
    WEBHOOK_SWITCHED,
    WEBHOOK_DELETED,
    /** Too much happened at once to note each of it. */
    NOT_NOTED;

    /** The word in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind with this label, or a Refusal {@code unknown-activity}. */
    public static ActivityKind get(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "unknown-activity",
                        "no activity is called " + label + "; there are "
                                + Arrays.stream(values())
                                        .map(ActivityKind::label)
                                        .toList()));
    }
}
