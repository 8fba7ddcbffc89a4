package countersign.access;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Targets that nothing is applied to, as {@code countersign.yaml} lists them: those of a copy, so that it does not write by
 * accident where the original does (PROTOCOL §7).
 *
 * @param names their names
 */
public record HeldTargets(List<String> names) {
    public HeldTargets {
        names = List.copyOf(names);
    }

    /** Why nothing of a change that affects these targets is begun; empty if none of them is held. */
    public Optional<Finding> find(Collection<String> targets) {
        TreeSet<String> held = new TreeSet<>(targets);
        held.retainAll(names);
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.error(
                        "target-held",
                        RepositorySettings.PATH + " holds " + String.join(", ", held)
                                + ": nothing is applied there until a change takes the name out of spec.heldTargets",
                        new Place(RepositorySettings.PATH, 0, 0, "/spec/heldTargets")));
    }
}
