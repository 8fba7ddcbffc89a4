package countersign.web.api.view;

import countersign.change.impact.Conflict;
import java.util.List;
import java.util.Locale;

/**
 * Another open change that is in the way of one.
 *
 * @param times whether both may merge at the same time: same or apart
 */
public record ConflictView(
        String change, String name, String title, List<String> paths, List<String> targets, String times) {
    /** All of them, newest change first. */
    public record ConflictList(List<ConflictView> items) {}

    public static ConflictView of(Conflict conflict) {
        return new ConflictView(
                conflict.other().toString(),
                conflict.other().name(),
                conflict.title(),
                conflict.paths(),
                conflict.targets(),
                conflict.times().name().toLowerCase(Locale.ROOT));
    }
}
