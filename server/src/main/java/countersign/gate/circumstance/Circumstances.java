package countersign.gate.circumstance;

import java.util.List;
import java.util.Set;

/**
 * What the log holds before a merge that bears on it, beside the votes about it.
 *
 * @param failures receipts by which targets say that the change which is taken back failed there; empty if nothing is
 *     taken back
 */
public record Circumstances(List<FailedReceipt> failures) {
    public Circumstances {
        failures = List.copyOf(failures);
    }

    /** With those failures only that stand at the indexes: a gate is judged by the receipts that it looked at. */
    public Circumstances naming(Set<Long> indexes) {
        return new Circumstances(failures.stream()
                .filter(failure -> indexes.contains(failure.index()))
                .toList());
    }

    public static Circumstances none() {
        return new Circumstances(List.of());
    }
}
