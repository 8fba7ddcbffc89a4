package countersign.gate.template;

import countersign.access.PathFacets;
import countersign.codec.JsonPointer;
import countersign.document.ChangedPointers;
import countersign.document.Document;
import countersign.document.Glob;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a change stays inside of what its template allows. Trust folders are outside of every template. */
public final class TemplateScope {
    private final DocumentReader documents;

    public TemplateScope(DocumentReader documents) {
        this.documents = documents;
    }

    /**
     * Every way in which it does not, in words.
     *
     * @param touched what the change touches, without its request
     */
    public List<String> problems(
            ChangeTemplate.Scope scope, List<PathFacets> touched, Snapshot before, Snapshot after) {
        List<String> problems = new ArrayList<>();
        if (touched.size() > scope.maximumFiles()) {
            problems.add("touches " + touched.size() + " files, allowed are " + scope.maximumFiles());
        }
        for (PathFacets path : touched) {
            checkPath(scope, path, problems);
            if (!scope.pointers().isEmpty() || !scope.bounds().isEmpty()) {
                checkValues(scope, path.path(), before, after, problems);
            }
        }
        return problems;
    }

    private static void checkPath(ChangeTemplate.Scope scope, PathFacets path, List<String> problems) {
        if (path.trust()) {
            problems.add("touches " + path.path() + ", which decides who may do what");
        }
        if (!Glob.anyOrEmpty(scope.paths(), path.path())) {
            problems.add("touches " + path.path() + ", which is none of the paths");
        }
        if (!within(scope.kinds(), path.kinds())) {
            problems.add("touches " + path.path() + ", which is no " + String.join(" or ", scope.kinds()));
        }
        if (!within(scope.environments(), path.environments())) {
            problems.add("touches " + path.path() + " of " + path.environments() + ", allowed are "
                    + scope.environments().stream().sorted().toList());
        }
    }

    /** What has none is not known to be one of the allowed. */
    private static boolean within(Set<String> allowed, Set<String> actual) {
        return allowed.isEmpty() || (!actual.isEmpty() && allowed.containsAll(actual));
    }

    private void checkValues(
            ChangeTemplate.Scope scope, String path, Snapshot before, Snapshot after, List<String> problems) {
        Optional<Document> old = path.endsWith(".yaml") ? documents.find(before, path) : Optional.empty();
        Optional<Document> now = path.endsWith(".yaml") ? documents.find(after, path) : Optional.empty();
        if (old.isEmpty() || now.isEmpty()) {
            problems.add("adds, removes or replaces " + path + " as a whole");
            return;
        }
        for (String pointer : differing(old.get(), now.get())) {
            if (!scope.pointers().isEmpty()
                    && scope.pointers().stream().noneMatch(allowed -> allowed.covers(pointer))) {
                problems.add("changes " + pointer + " of " + path);
            }
            Optional<Object> value = value(now.get(), pointer);
            scope.bounds()
                    .forEach(bound ->
                            bound.problem(pointer, value).ifPresent(problem -> problems.add(problem + " in " + path)));
        }
    }

    /** Without lists that stay lists: their elements tell what differs. */
    private static List<String> differing(Document old, Document now) {
        return ChangedPointers.between(old, now).stream()
                .filter(pointer -> !(value(old, pointer).orElse("") instanceof List
                        && value(now, pointer).orElse("") instanceof List))
                .toList();
    }

    private static Optional<Object> value(Document document, String pointer) {
        return JsonPointer.find(document.tree().root(), pointer);
    }
}
