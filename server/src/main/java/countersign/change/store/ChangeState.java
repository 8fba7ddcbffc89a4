package countersign.change.store;

import countersign.codec.Refusal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a change stands (A1). A change moves only along {@link #next}. */
public enum ChangeState {
    /** Opened, and something about it blocks: it can't be approved as it is. */
    DRAFT,
    /** Waits for signatures. */
    REVIEW,
    /** Everything that must be signed is; it may merge. */
    APPROVED,
    /** Merged; its units wait to be applied. */
    SCHEDULED,
    /** Its units are being applied. */
    APPLYING,
    /** Applied; waits for change control to confirm. */
    SOAKING,
    /** Done. */
    CONFIRMED,
    /** A standing rejection blocks it. */
    REJECTED,
    /** Its branch was deleted before it merged. */
    WITHDRAWN,
    /** A unit could not be applied, and was held or rolled itself back. */
    FAILED,
    /** A later merge took it back. */
    ROLLED_BACK;

    /** The word in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state of a word in the API, or a Refusal {@code unknown-state}. */
    public static ChangeState get(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "unknown-state",
                        "no change has the state " + label,
                        "take one of "
                                + Arrays.stream(values())
                                        .map(ChangeState::label)
                                        .collect(Collectors.joining(", "))));
    }

    /** True before the merge and before a withdrawal. */
    public boolean open() {
        return this == DRAFT || this == REVIEW || this == APPROVED || this == REJECTED;
    }

    /** True while nobody has approved or rejected it. */
    public boolean undecided() {
        return this == DRAFT || this == REVIEW;
    }

    /** The states that may follow this one. */
    public Set<ChangeState> next() {
        return switch (this) {
            case DRAFT, REVIEW, APPROVED, REJECTED ->
                Set.of(DRAFT, REVIEW, APPROVED, REJECTED, WITHDRAWN, SCHEDULED, CONFIRMED);
            case SCHEDULED -> Set.of(APPLYING, SOAKING, FAILED, ROLLED_BACK);
            case APPLYING -> Set.of(SOAKING, FAILED, ROLLED_BACK);
            case SOAKING -> Set.of(CONFIRMED, FAILED, ROLLED_BACK);
            case CONFIRMED, FAILED -> Set.of(ROLLED_BACK);
            case WITHDRAWN, ROLLED_BACK -> Set.of();
        };
    }
}
