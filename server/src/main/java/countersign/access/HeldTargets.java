package countersign.access;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Targets that nothing is applied to, as {@code countersign.yaml} lists them: those of a copy, so that it does not write by
 * accident where the original does (PROTOCOL §7). Who has the folder of one of them is held like it.
 *
 * @param names their names
 */
public record HeldTargets(List<String> names) {
    public HeldTargets {
        names = List.copyOf(names);
    }

    /**
     * Why nothing of a change that affects these targets is begun; empty if none of them is held.
     *
     * @param first where the targets were at the genesis
     * @param present where they are now
     */
    public Optional<Finding> find(Collection<String> targets, TargetFolders first, TargetFolders present) {
        TreeMap<String, String> held = new TreeMap<>();
        for (String target : new TreeSet<>(targets)) {
            if (names.contains(target)) {
                held.put(target, target);
            } else {
                present.find(target)
                        .flatMap(folder -> names.stream()
                                .filter(name -> first.overlaps(name, folder) || present.overlaps(name, folder))
                                .findFirst())
                        .ifPresent(name -> held.put(target, target + " (in the folder of " + name + ")"));
            }
        }
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.error(
                        "target-held",
                        RepositorySettings.PATH + " holds " + String.join(", ", held.values())
                                + ": nothing is applied there until a change takes the name out of spec.heldTargets",
                        new Place(RepositorySettings.PATH, 0, 0, "/spec/heldTargets")));
    }
}
