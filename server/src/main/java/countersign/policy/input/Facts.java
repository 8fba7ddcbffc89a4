package countersign.policy.input;

import countersign.document.Document;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What rules may ask of the tree as it would stand after the change, and of the votes on it. The sources are asked
 * at most once per evaluation and path, and only if a rule asks; the same tree must give the same answer in the same
 * order.
 *
 * @param approvals approvals that stand
 * @param keys all entries of all key inventories in the tree
 * @param siblings gives for a path the SystemConfigs in the same folder, that path's own excepted
 * @param document gives the document at a path of the tree before the change, for values of parameters
 * @param lookups gives what rules ask by name
 */
public record Facts(
        List<Approval> approvals,
        Supplier<List<Key>> keys,
        Function<String, List<Document>> siblings,
        Function<String, Optional<Document>> document,
        Lookups lookups) {
    /**
     * One approval that stands.
     *
     * @param person name of the approver
     * @param role the role claimed
     */
    public record Approval(String person, String role) {}

    /**
     * One entry of a key inventory.
     *
     * @param name name of the key
     * @param fingerprint fingerprint of the public part or of the certificate, if it has one
     * @param environment the environment that uses it, if it is bound to one
     */
    public record Key(
            String name,
            @Nullable String fingerprint,
            @Nullable String environment) {}

    public Facts {
        approvals = List.copyOf(approvals);
    }

    /** No approvals, no keys, no siblings, no documents. */
    public static Facts none() {
        return new Facts(List.of(), List::of, path -> List.of(), path -> Optional.empty(), Lookups.none());
    }
}
