package countersign.gate.emergency;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.document.PathRules;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The signatures that a merged emergency change still owes.
 *
 * @param change the change
 * @param manifest its manifest
 * @param mergedAt its T
 * @param deadline last moment at which it may owe them
 * @param missing what is missing, a line for each requirement
 */
public record OwedReview(ChangeId change, Manifest manifest, Instant mergedAt, Instant deadline, List<String> missing) {
    public OwedReview {
        missing = List.copyOf(missing);
    }

    public boolean overdueAt(Instant time) {
        return time.isAfter(deadline);
    }

    /** What says so once it is overdue. */
    public Finding finding() {
        return Finding.error(
                        "review-overdue",
                        "the emergency change " + change + " was merged at " + mergedAt + " and owes signatures since "
                                + deadline + ": " + String.join("; ", missing),
                        Place.file(change.document()))
                .withWayOut("sign it: countersign change approve " + change.name() + " --role <role>; or roll it back");
    }

    /** Whether a merge waits for it: one of the same systems, or of trust folders if the emergency touched these. */
    boolean holdsUp(Manifest other) {
        boolean takesItBack = other.operation() == Operation.ROLLBACK && change.equals(other.of());
        return !takesItBack
                && (!Collections.disjoint(systems(manifest), systems(other))
                        || (touchesTrust(manifest) && touchesTrust(other)));
    }

    private static Set<String> systems(Manifest manifest) {
        return manifest.units().stream().map(unit -> unit.unit().system()).collect(Collectors.toSet());
    }

    private static boolean touchesTrust(Manifest manifest) {
        return manifest.files().stream().anyMatch(file -> PathRules.isTrustPath(file.path()));
    }
}
