package countersign.policy;

import countersign.document.Document;
import countersign.document.Glob;
import countersign.document.Kind;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which touched paths a policy judges: all parts must match, an empty part matches everything.
 *
 * @param kinds kinds of documents; plain content matches only if this is empty
 * @param environments environments, of either side
 * @param paths globs over the path
 * @param operations what happens to the path
 * @param changed globs over JSON pointers: at least one differing value must match one
 */
public record PolicyMatch(
        Set<Kind> kinds, Set<String> environments, List<Glob> paths, Set<Operation> operations, List<Glob> changed) {
    public PolicyMatch {
        kinds = Set.copyOf(kinds);
        environments = Set.copyOf(environments);
        paths = List.copyOf(paths);
        operations = Set.copyOf(operations);
        changed = List.copyOf(changed);
    }

    boolean matches(DocumentChange touched) {
        return matchesKind(touched)
                && (operations.isEmpty() || operations.contains(touched.operation()))
                && (environments.isEmpty() || touched.environments().stream().anyMatch(environments::contains))
                && (paths.isEmpty() || paths.stream().anyMatch(glob -> glob.matches(touched.path())))
                && (changed.isEmpty() || matchesDifference(touched));
    }

    private boolean matchesKind(DocumentChange touched) {
        Optional<Kind> kind = touched.document().map(Document::kind);
        return kinds.isEmpty() || kind.filter(kinds::contains).isPresent();
    }

    private boolean matchesDifference(DocumentChange touched) {
        return touched.changedPointers().stream()
                .anyMatch(pointer -> changed.stream().anyMatch(glob -> matches(glob, pointer)));
    }

    /** A pattern that ends in {@code /**} also means the value that the pattern is below. */
    private static boolean matches(Glob pattern, String pointer) {
        return pattern.matches(pointer) || pattern.matches(pointer + "/");
    }
}
