package countersign.manifest.assessment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The risk of a change, with everything that it was found from.
 *
 * @param likelihood what the request declares
 * @param impact what the request declares
 * @param criticality the greatest of the systems that it touches; null if none has any
 * @param critical the touched paths that have this criticality
 * @param counted likelihood and impact as they count
 * @param level what the table gives for these
 */
public record Risk(
        @Nullable Grade likelihood,
        @Nullable Grade impact,
        @Nullable RiskLevel criticality,
        List<String> critical,
        Counted counted,
        RiskLevel level) {
    /**
     * What counts: what is not declared is high, and the impact is at least what the criticality says.
     *
     * @param likelihood how likely it goes wrong
     * @param impact how bad that would be
     */
    public record Counted(Grade likelihood, Grade impact) {}

    public Risk {
        critical = List.copyOf(critical);
    }
}
