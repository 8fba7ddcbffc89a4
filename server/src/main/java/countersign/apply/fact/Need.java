package countersign.apply.fact;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.document.Document;
import countersign.manifest.Unit;
import java.util.Optional;

/**
 * What a system needs of its target beyond what it has there already.
 *
 * @param amount how much; 0 for nothing
 * @param field the field of {@code spec/capacity} that says so
 * @param system the document
 */
record Need(long amount, String field, Document system) {
    /** By how much a field exceeds what the same field said of the release that stands. */
    static Need of(String field, Document system, Optional<Document> standing) {
        long had = standing.map(old -> declared(field, old)).orElse(0L);
        return new Need(Math.max(0, declared(field, system) - had), field, system);
    }

    private static long declared(String field, Document system) {
        Fields capacity = system.spec().objectOrNull("capacity");
        return capacity == null || !capacity.has(field) ? 0 : capacity.integer(field);
    }

    /** A finding if a target has less. */
    Optional<Finding> check(long free, Unit unit, String what) {
        return free >= amount
                ? Optional.empty()
                : Optional.of(Finding.error(
                                "capacity-short",
                                "spec/capacity/" + field + " needs " + amount + " " + what + " more for "
                                        + unit.system() + ", the target " + unit.target() + " has " + free + " free",
                                system.tree().placeOf("/spec/capacity/" + field))
                        .withWayOut("make room there, or choose another target"));
    }
}
