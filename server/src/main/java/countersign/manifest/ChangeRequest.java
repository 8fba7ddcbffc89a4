package countersign.manifest;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.manifest.assessment.Declared;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol reads of a ChangeRequest.
 *
 * @param id day and name
 * @param title one line
 * @param type standard, normal or emergency
 * @param requester name of a person
 * @param collaborators names of people who took part; they can't approve
 * @param operation what its merge does
 * @param of the change that a rollback takes back
 * @param rollback the rollback it asks approvers to grant
 * @param applyBy the latest time at which an agent may apply it
 * @param window when it may be merged
 * @param declared its author's own grades
 * @param template name of the template that it was made from
 * @param recovery the merges that a recovery names bad, and the head to go on from
 */
public record ChangeRequest(
        ChangeId id,
        String title,
        String type,
        String requester,
        List<String> collaborators,
        Operation operation,
        @Nullable ChangeId of,
        Manifest.@Nullable RollbackGrant rollback,
        @Nullable Instant applyBy,
        @Nullable Window window,
        Declared declared,
        @Nullable String template,
        @Nullable BadRange recovery) {
    /**
     * A span of time, both ends included.
     *
     * @param notBefore first moment
     * @param notAfter last moment
     */
    public record Window(Instant notBefore, Instant notAfter) {
        public boolean contains(Instant time) {
            return !time.isBefore(notBefore) && !time.isAfter(notAfter);
        }
    }

    public static ChangeRequest of(Document document) {
        ChangeId id = ChangeId.ofDocument(document.path())
                .orElseThrow(() -> new Refusal(
                        "misplaced-kind",
                        document.path() + " is no place for a ChangeRequest",
                        "use changes/<yyyy-mm-dd>/<name>.yaml"));
        Fields spec = document.spec();
        String of = spec.textOrNull("of");
        Operation operation = spec.has("operation") ? spec.constant("operation", Operation.class) : Operation.APPLY;
        if (of != null && operation != Operation.ROLLBACK) {
            throw new Refusal(
                    "of-without-rollback",
                    document.path() + " names the change " + of + " in spec/of, but is no rollback",
                    "write operation: rollback, or leave spec/of out");
        }
        if (spec.has("recovery") && operation != Operation.RECOVER) {
            throw new Refusal(
                    "range-without-recovery",
                    document.path() + " names bad merges in spec/recovery, but is no recovery",
                    "write operation: recover, or leave spec/recovery out");
        }
        return new ChangeRequest(
                id,
                spec.text("title"),
                spec.text("type"),
                spec.text("requester"),
                spec.textList("collaborators"),
                operation,
                of == null ? null : ChangeId.parse(of),
                rollback(spec.objectOrNull("rollback")),
                spec.instantOrNull("applyBy"),
                window(spec.objectOrNull("window")),
                Declared.of(spec),
                spec.textOrNull("template"),
                BadRange.readOrNull(spec.objectOrNull("recovery")));
    }

    /** Requester and collaborators: people who can't approve whatever the commits say. */
    public List<String> people() {
        List<String> people = new ArrayList<>(collaborators);
        people.add(requester);
        return people;
    }

    private static @Nullable Window window(@Nullable Fields fields) {
        return fields == null ? null : new Window(fields.instant("notBefore"), fields.instant("notAfter"));
    }

    private static Manifest.@Nullable RollbackGrant rollback(@Nullable Fields fields) {
        return fields == null ? null : new Manifest.RollbackGrant(fields.textList("roles"), fields.duration("for"));
    }
}
