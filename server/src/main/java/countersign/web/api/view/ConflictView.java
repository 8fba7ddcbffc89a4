package countersign.web.api.view;

import countersign.change.impact.Conflict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another open change that is in the way of one.
 *
 * @param requester who asks for the other
 * @param times whether both may merge at the same time: same or apart
 * @param window when both may merge; null for any time, or for never
 */
public record ConflictView(
        String change,
        String name,
        String title,
        String requester,
        List<String> paths,
        List<String> targets,
        String times,
        @Nullable WindowView window) {
    /** All of them, newest change first. */
    public record ConflictList(List<ConflictView> items) {}

    public static ConflictView of(Conflict conflict) {
        return new ConflictView(
                conflict.other().toString(),
                conflict.other().name(),
                conflict.title(),
                conflict.requester(),
                conflict.paths(),
                conflict.targets(),
                conflict.times().label(),
                WindowView.of(conflict.window()));
    }
}
