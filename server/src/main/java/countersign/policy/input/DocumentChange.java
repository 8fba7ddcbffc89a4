package countersign.policy.input;

import countersign.document.ChangedPointers;
import countersign.document.Document;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One path that a change touches. A file that is no document has neither side: rules see its path only.
 *
 * @param path path in the repository
 * @param operation what happens to the path
 * @param before the document as it stands, if there is one
 * @param after the document as it would stand, if there is one
 */
public record DocumentChange(
        String path,
        Operation operation,
        @Nullable Document before,
        @Nullable Document after) {
    /** What a change does to a path. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE;

        /** The word that policies use. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DocumentChange {
        boolean impossible =
                operation == Operation.CREATE ? before != null : operation == Operation.DELETE && after != null;
        if (impossible) {
            throw new IllegalArgumentException(operation.label() + " of " + path + " with a side it cannot have");
        }
    }

    /** The document after the change, or before it where the change removes it; empty for plain content. */
    public Optional<Document> document() {
        return Optional.ofNullable(after == null ? before : after);
    }

    /** The environments named by {@code spec.environment} of both sides, sorted; at most two. */
    public Set<String> environments() {
        Set<String> environments = new TreeSet<>();
        findEnvironment(before).ifPresent(environments::add);
        findEnvironment(after).ifPresent(environments::add);
        return environments;
    }

    /**
     * The JSON pointers at which the two sides differ: every value that was added, removed or altered, down to the leaves
     * of added and removed parts. Lists are compared by index.
     */
    public List<String> changedPointers() {
        return ChangedPointers.between(before, after);
    }

    /** What {@code spec.environment} of a document says, if it says anything. */
    public static Optional<String> findEnvironment(@Nullable Document document) {
        return document != null
                        && document.tree().root().get("spec") instanceof Map<?, ?> spec
                        && spec.get("environment") instanceof String environment
                ? Optional.of(environment)
                : Optional.empty();
    }
}
