package countersign.policy;

import countersign.codec.Fields;
import countersign.codec.JsonPointer;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Glob;
import countersign.document.Kind;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.DocumentChange.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which touched paths a policy or a waiver is about: all parts must match, an empty part matches everything. What is said
 * of the document may be true of either side of the change.
 *
 * @param kinds kinds of documents; plain content matches only if this is empty
 * @param names globs over the document's name
 * @param environments environments
 * @param classifications classifications
 * @param labels labels that the document must have
 * @param paths globs over the path
 * @param operations what happens to the path
 * @param changed globs over JSON pointers: at least one differing value must match one
 */
public record PolicyMatch(
        Set<Kind> kinds,
        List<Glob> names,
        Set<String> environments,
        Set<String> classifications,
        Map<String, String> labels,
        List<Glob> paths,
        Set<Operation> operations,
        List<Glob> changed) {
    public PolicyMatch {
        kinds = Set.copyOf(kinds);
        names = List.copyOf(names);
        environments = Set.copyOf(environments);
        classifications = Set.copyOf(classifications);
        labels = Map.copyOf(labels);
        paths = List.copyOf(paths);
        operations = Set.copyOf(operations);
        changed = List.copyOf(changed);
    }

    /** Reads the members of the same names; refuses {@code unknown-kind} and {@code unknown-operation}. */
    static PolicyMatch of(Fields match) {
        PolicyMatch read = new PolicyMatch(
                match.textList("kinds").stream().map(PolicyMatch::kind).collect(Collectors.toSet()),
                globs(match, "names"),
                Set.copyOf(match.textList("environments")),
                Set.copyOf(match.textList("classifications")),
                match.texts("labels"),
                globs(match, "paths"),
                match.textList("operations").stream()
                        .map(PolicyMatch::operation)
                        .collect(Collectors.toSet()),
                globs(match, "changed"));
        match.end();
        return read;
    }

    boolean matches(DocumentChange touched) {
        return matchesDocument(touched)
                && (operations.isEmpty() || operations.contains(touched.operation()))
                && Glob.anyOrEmpty(paths, touched.path())
                && (changed.isEmpty() || matchesDifference(touched));
    }

    private boolean matchesDocument(DocumentChange touched) {
        Optional<Document> document = touched.document();
        return (kinds.isEmpty()
                        || document.map(Document::kind).filter(kinds::contains).isPresent())
                && (names.isEmpty()
                        || document.filter(it -> Glob.anyOrEmpty(names, it.name()))
                                .isPresent())
                && (environments.isEmpty() || touched.environments().stream().anyMatch(environments::contains))
                && (classifications.isEmpty() || sides(touched).anyMatch(this::isClassified))
                && (labels.isEmpty() || sides(touched).anyMatch(this::isLabelled));
    }

    private static Stream<Document> sides(DocumentChange touched) {
        return Stream.of(Optional.ofNullable(touched.before()), Optional.ofNullable(touched.after()))
                .flatMap(Optional::stream);
    }

    private boolean isClassified(Document document) {
        return JsonPointer.find(document.tree().root(), "/spec/classification")
                .filter(classifications::contains)
                .isPresent();
    }

    private boolean isLabelled(Document document) {
        Map<String, String> own = document.labels();
        return labels.entrySet().stream().allMatch(label -> Objects.equals(own.get(label.getKey()), label.getValue()));
    }

    private boolean matchesDifference(DocumentChange touched) {
        return touched.changedPointers().stream()
                .anyMatch(pointer -> changed.stream().anyMatch(glob -> matches(glob, pointer)));
    }

    /** A pattern that ends in {@code /**} also means the value that the pattern is below. */
    private static boolean matches(Glob pattern, String pointer) {
        return pattern.matches(pointer) || pattern.matches(pointer + "/");
    }

    private static List<Glob> globs(Fields match, String list) {
        return match.textList(list).stream().map(Glob::new).toList();
    }

    private static Kind kind(String label) {
        return Kind.find(label)
                .orElseThrow(
                        () -> new Refusal("unknown-kind", "the policy matches the kind " + label + ", which is none"));
    }

    private static Operation operation(String label) {
        return Arrays.stream(Operation.values())
                .filter(operation -> operation.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "unknown-operation",
                        "the policy matches the operation " + label + ", which is none",
                        "use create, update or delete"));
    }
}
