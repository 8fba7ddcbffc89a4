package countersign.apply;

import countersign.apply.record.MergedChange;
import java.time.Instant;
import java.util.Optional;

/** Which merges a freeze holds back from their targets (PROTOCOL §8). Thread-safe. */
@FunctionalInterface
public interface Freezes {
    /** Why nothing of a merge is begun at a time; empty if no freeze forbids it. */
    Optional<String> find(MergedChange change, Instant time);

    /** There are no calendars. */
    static Freezes none() {
        return (change, time) -> Optional.empty();
    }
}
