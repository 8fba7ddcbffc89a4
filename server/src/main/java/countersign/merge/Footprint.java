package countersign.merge;

import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a change stands among the documents, roughly: enough to tell that two changes have nothing to do with each other.
 *
 * @param families families of systems of which it alters files
 * @param wide whether it may concern any other change, because it does more than alter files of systems
 */
record Footprint(Set<String> families, boolean wide) {
    private static final String SYSTEMS = "systems/";

    Footprint {
        families = Set.copyOf(families);
    }

    static Footprint of(Manifest manifest) {
        Set<String> families = new TreeSet<>();
        boolean wide = manifest.operation() == Operation.RECOVER;
        for (Manifest.FileChange file : manifest.files()) {
            String path = file.path();
            int end = path.startsWith(SYSTEMS) ? path.indexOf('/', SYSTEMS.length()) : -1;
            if (end > 0 && file.before() != null && file.after() != null) {
                families.add(path.substring(SYSTEMS.length(), end));
            } else {
                wide |= !path.startsWith("changes/");
            }
        }
        return new Footprint(families, wide);
    }

    /** Whether what one of two changes does alters neither effect nor votes of the other. */
    boolean isApartFrom(Footprint other) {
        return !wide && !other.wide && Collections.disjoint(families, other.families);
    }
}
