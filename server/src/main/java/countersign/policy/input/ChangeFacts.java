package countersign.policy.input;

import countersign.codec.Fields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a change as a whole; rules see it as {@code change}.
 *
 * @param name the change's name
 * @param title its title
 * @param type {@code standard}, {@code normal} or {@code emergency}
 * @param operation {@code apply}, {@code rollback} or {@code recover}
 * @param maintenanceType the kind of maintenance that the request declares, if it does
 * @param requester name of the person who asks for it
 * @param implementers names of those who will carry it out, if the request names any
 * @param contributors names of all who made or sent its content; none of them may count as an approver
 * @param environments environments that it affects, through documents or units
 * @param targets names of the targets that it affects
 * @param backout how to get back, as text, if the request says so
 * @param labels labels of the request
 * @param weight how grave and how pressing it is
 * @param template name of the template that it was made from, if it was
 */
public record ChangeFacts(
        String name,
        String title,
        String type,
        String operation,
        @Nullable String maintenanceType,
        String requester,
        List<String> implementers,
        List<String> contributors,
        List<String> environments,
        List<String> targets,
        @Nullable String backout,
        Map<String, String> labels,
        Weight weight,
        @Nullable String template) {
    /**
     * How grave and how pressing a change is, by the tables of the repository.
     *
     * @param risk level of its risk
     * @param likelihood how likely the request says that it goes wrong, if it does
     * @param impact how bad the request says that would be, if it does
     * @param priority from 1, first, to 5
     */
    public record Weight(
            String risk,
            @Nullable String likelihood,
            @Nullable String impact,
            long priority) {
        private static Weight of(Fields fields) {
            return new Weight(
                    fields.textOr("risk", "medium"),
                    fields.textOrNull("likelihood"),
                    fields.textOrNull("impact"),
                    fields.integerOr("priority", 3));
        }
    }

    public ChangeFacts {
        implementers = List.copyOf(implementers);
        contributors = List.copyOf(contributors);
        environments = List.copyOf(environments);
        targets = List.copyOf(targets);
        labels = Map.copyOf(labels);
    }

    /** Reads them from an object with the same members; those that are not lists or maps have plain defaults. */
    public static ChangeFacts of(Fields fields) {
        ChangeFacts facts = new ChangeFacts(
                fields.textOr("name", "a-change"),
                fields.textOr("title", "A change"),
                fields.textOr("type", "normal"),
                fields.textOr("operation", "apply"),
                fields.textOrNull("maintenanceType"),
                fields.textOr("requester", "nobody"),
                fields.textList("implementers"),
                fields.textList("contributors"),
                fields.textList("environments"),
                fields.textList("targets"),
                fields.textOrNull("backout"),
                fields.texts("labels"),
                Weight.of(fields),
                fields.textOrNull("template"));
        fields.end();
        return facts;
    }
}
