package countersign.web.api.view;

import countersign.apply.plan.Plan;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a change would alter at its targets; secrets are masked.
 *
 * @param digest SHA-256 of the plan's text
 */
public record PlanView(String digest, List<UnitPlanView> units) {
    /** What happens to one unit. */
    record UnitPlanView(String target, String system, String action, List<FilePlanView> files, KeysView settings) {}

    /** What happens to one file. */
    record FilePlanView(
            String path,
            String action,
            @Nullable String before,
            @Nullable String after,
            KeysView keys) {}

    /**
     * Keys that differ.
     *
     * @param omitted how many more there are
     */
    record KeysView(List<KeyView> listed, int omitted) {}

    /**
     * One key that differs.
     *
     * @param from the file and line that say it, of a system that is put over a base; null of another
     */
    record KeyView(
            String name,
            @Nullable String before,
            @Nullable String after,
            @Nullable String from) {}

    public static PlanView of(Plan plan) {
        return new PlanView(
                plan.digest().hex(), plan.units().stream().map(PlanView::of).toList());
    }

    private static UnitPlanView of(Plan.UnitPart part) {
        return new UnitPlanView(
                part.unit().target(),
                part.unit().system(),
                label(part.action()),
                part.files().stream().map(PlanView::of).toList(),
                of(part.settings()));
    }

    private static FilePlanView of(Plan.FilePart file) {
        return new FilePlanView(file.path(), label(file.action()), file.before(), file.after(), of(file.keys()));
    }

    private static KeysView of(Plan.Keys keys) {
        return new KeysView(
                keys.listed().stream()
                        .map(key -> new KeyView(key.name(), key.before(), key.after(), key.from()))
                        .toList(),
                keys.omitted());
    }

    private static String label(Plan.Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
