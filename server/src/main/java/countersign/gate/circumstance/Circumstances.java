package countersign.gate.circumstance;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds before a merge that bears on it, beside the votes about it.
 *
 * @param failures receipts by which targets say that the change which is taken back failed there; empty if nothing is
 *     taken back
 * @param known for a standard change, at least every receipt of a failure of a change from the same template
 * @param chain the merges before it; null if it is no recovery that names any
 * @param atSystem gives the receipts by which targets say that changes failed at a system
 * @param stop who stopped all merges, when and why; null if nobody did
 */
public record Circumstances(
        List<FailedReceipt> failures,
        List<FailedReceipt> known,
        @Nullable Chain chain,
        Function<String, List<FailedReceipt>> atSystem,
        @Nullable String stop) {
    public Circumstances {
        failures = List.copyOf(failures);
        known = List.copyOf(known);
    }

    /** Everything that failed, where nobody looked for what bears on the merge. */
    public Circumstances(List<FailedReceipt> failures, @Nullable Chain chain) {
        this(failures, failures, chain, bySystem(List.copyOf(failures)), null);
    }

    private static Function<String, List<FailedReceipt>> bySystem(List<FailedReceipt> all) {
        return system -> all.stream()
                .filter(failure -> failure.unit().system().equals(system))
                .toList();
    }

    /** With those failures only that stand at the indexes: a gate is judged by the receipts that it looked at. */
    public Circumstances naming(Set<Long> indexes) {
        return new Circumstances(
                failures.stream()
                        .filter(failure -> indexes.contains(failure.index()))
                        .toList(),
                known,
                chain,
                atSystem,
                stop);
    }

    /** The same while all merges are stopped; null for while they are not. */
    public Circumstances stopped(@Nullable String message) {
        return new Circumstances(failures, known, chain, atSystem, message);
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
