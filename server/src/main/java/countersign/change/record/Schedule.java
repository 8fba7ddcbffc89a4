package countersign.change.record;

import countersign.change.store.Rescheduling;
import countersign.manifest.ChangeRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a change may merge.
 *
 * @param window of its newest revision; null for any time
 * @param moved every time that it was moved, oldest first
 */
public record Schedule(ChangeRequest.@Nullable Window window, List<Rescheduling> moved) {
    public Schedule {
        moved = List.copyOf(moved);
    }
}
