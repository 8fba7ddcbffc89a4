package countersign.manifest;

import countersign.document.PathRules;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Paths that can't stand beside each other: the same to some file system, or one inside the other. */
final class PathOverlap {
    private PathOverlap() {}

    /** What is wrong, in words; empty if nothing is. */
    static Optional<String> find(Collection<String> paths) {
        Set<String> known = new HashSet<>(paths);
        for (String path : known) {
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                if (known.contains(path.substring(0, slash))) {
                    return Optional.of(path + " lies in " + path.substring(0, slash));
                }
            }
        }
        return known.size() < paths.size()
                ? Optional.of("a path stands there twice")
                : PathRules.collision(known).map(finding -> finding.message());
    }
}
