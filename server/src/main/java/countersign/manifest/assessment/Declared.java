package countersign.manifest.assessment;

import countersign.codec.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The grades that a request declares; null where it says nothing.
 *
 * @param likelihood how likely the change goes wrong
 * @param impact how bad that would be
 * @param urgency how soon it is needed
 * @param importance how much depends on it
 */
public record Declared(
        @Nullable Grade likelihood,
        @Nullable Grade impact,
        @Nullable Grade urgency,
        @Nullable Grade importance) {
    /** A request that declares nothing. */
    public static final Declared NOTHING = new Declared(null, null, null, null);

    /** Reads the {@code spec} of a ChangeRequest. */
    public static Declared of(Fields spec) {
        Fields risk = spec.objectOrNull("risk");
        return new Declared(
                risk == null ? null : grade(risk, "likelihood"),
                risk == null ? null : grade(risk, "impact"),
                grade(spec, "urgency"),
                grade(spec, "importance"));
    }

    private static @Nullable Grade grade(Fields fields, String name) {
        String label = fields.textOrNull(name);
        return label == null ? null : Grade.of(label);
    }
}
