package countersign.gate.circumstance;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds before a merge that bears on it, beside the votes about it.
 *
 * @param failures receipts by which targets say that the change which is taken back failed there; empty if nothing is
 *     taken back
 * @param chain the merges before it; null if it is no recovery that names any
 */
public record Circumstances(
        List<FailedReceipt> failures, @Nullable Chain chain) {
    public Circumstances {
        failures = List.copyOf(failures);
    }

    /** With those failures only that stand at the indexes: a gate is judged by the receipts that it looked at. */
    public Circumstances naming(Set<Long> indexes) {
        return new Circumstances(
                failures.stream()
                        .filter(failure -> indexes.contains(failure.index()))
                        .toList(),
                chain);
    }

    public static Circumstances none() {
        return new Circumstances(List.of(), null);
    }

    /** The merges before. */
    public Chain requireChain() {
        if (chain == null) {
            throw new IllegalStateException("a recovery that names merges is judged with those before it");
        }
        return chain;
    }
}
