package countersign.document.reference;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.document.Document;
import countersign.document.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Whether what documents name exists, once. */
public final class References {
    private References() {}

    /** Every name that a document has of others, in the order of the fields. */
    public static List<Reference> of(Document document) {
        List<Reference> found = new ArrayList<>();
        forEach(document, name -> found.add(name.reference()));
        return List.copyOf(found);
    }

    private static void forEach(Document document, Consumer<Naming> action) {
        for (NamingField field : NamingField.of(document.kind())) {
            field.forEach(
                    document,
                    (pointer, name) ->
                            action.accept(new Naming(document, field, pointer, new DocumentName(field.to(), name))));
        }
    }

    /** A reference whose place nobody may ask for: to find it, the document is read once more. */
    private record Naming(Document document, NamingField field, String pointer, DocumentName to) {
        boolean isOfItself() {
            return to.equals(DocumentName.of(document));
        }

        Reference reference() {
            return new Reference(
                    DocumentName.of(document),
                    document.path(),
                    pointer,
                    document.tree().placeOf(pointer),
                    to,
                    field.relation());
        }
    }

    /** A finding {@code dangling-reference} or {@code self-reference} for each name that leads nowhere. */
    public static List<Finding> check(Document document, Predicate<DocumentName> exists) {
        List<Finding> findings = new ArrayList<>();
        forEach(document, name -> {
            if (name.isOfItself()) {
                findings.add(finding("self-reference", name.reference(), "names the document itself"));
            } else if (!exists.test(name.to())) {
                findings.add(finding(
                        "dangling-reference", name.reference(), "names the " + name.to() + ", which does not exist"));
            }
        });
        return List.copyOf(findings);
    }

    /** A finding {@code dangling-reference} for a name whose document was taken away from the path. */
    public static Finding removed(Reference reference, String path) {
        return finding(
                        "dangling-reference",
                        reference,
                        "names the " + reference.to() + ", which this removes from " + path)
                .withWayOut("keep it, or change " + reference.path() + " together with it");
    }

    /**
     * A finding {@code dependency-cycle} for each way on which a document leads back to itself by one relation. The same
     * cycle gives the same finding wherever in it one begins.
     */
    public static List<Finding> cycles(Document document, NamedDocuments documents) {
        Set<Relation> relations = new LinkedHashSet<>();
        forEach(document, name -> relations.add(name.field().relation()));
        return relations.stream()
                .filter(Relation::isOrder)
                .flatMap(relation -> cycle(document, relation, documents).stream())
                .toList();
    }

    /** The documents that a document names. */
    public static Set<String> namesOf(Document document, Kind wanted) {
        Set<String> found = new TreeSet<>();
        forEach(document, name -> {
            if (name.to().kind() == wanted) {
                found.add(name.to().name());
            }
        });
        return Set.copyOf(found);
    }

    /** A finding {@code dangling-payload} for each {@code from} of a SystemConfig without a file. */
    public static List<Finding> checkPayload(Document document, Predicate<String> fileExists) {
        List<Finding> findings = new ArrayList<>();
        if (document.kind() == Kind.SYSTEM_CONFIG) {
            String folder = document.path().substring(0, document.path().lastIndexOf('/')) + "/files/";
            Object files =
                    JsonPointer.find(document.tree().root(), "/spec/files").orElse(List.of());
            for (int i = 0; files instanceof List<?> list && i < list.size(); i++) {
                String pointer = "/spec/files/" + i + "/from";
                JsonPointer.find(document.tree().root(), pointer)
                        .filter(from -> !fileExists.test(folder + from))
                        .ifPresent(from -> findings.add(Finding.error(
                                "dangling-payload",
                                pointer.substring(1) + " names " + folder + from + ", which does not exist",
                                document.tree().placeOf(pointer))));
            }
        }
        return List.copyOf(findings);
    }

    /** A finding {@code duplicate-name} for each document whose name an earlier one of its kind has. */
    public static List<Finding> duplicateNames(Collection<Document> documents) {
        List<Finding> findings = new ArrayList<>();
        Map<DocumentName, Document> first = new HashMap<>();
        for (Document document : documents) {
            Document other = first.putIfAbsent(DocumentName.of(document), document);
            if (other != null) {
                findings.add(Finding.error(
                        "duplicate-name",
                        "metadata/name is also the name of the "
                                + document.kind().label() + " in " + other.path(),
                        document.tree().placeOf("/metadata/name")));
            }
        }
        return List.copyOf(findings);
    }

    /** Looks from the document along one relation, each document once, until it stands there again. */
    private static Optional<Finding> cycle(Document document, Relation relation, NamedDocuments documents) {
        DocumentName start = DocumentName.of(document);
        Map<DocumentName, Reference> cameBy = new HashMap<>();
        List<Document> open = new ArrayList<>(List.of(document));
        while (!open.isEmpty()) {
            Document here = open.remove(open.size() - 1);
            for (Reference step : of(here)) {
                boolean follows = step.relation() == relation && !step.to().equals(step.from());
                if (follows && cameBy.putIfAbsent(step.to(), step) == null) {
                    if (step.to().equals(start)) {
                        return Optional.of(cycleFinding(start, cameBy));
                    }
                    documents.find(step.to()).ifPresent(open::add);
                }
            }
        }
        return Optional.empty();
    }

    private static Finding cycleFinding(DocumentName start, Map<DocumentName, Reference> cameBy) {
        List<Reference> steps = new ArrayList<>();
        DocumentName at = start;
        do {
            Reference step = cameBy.get(at);
            if (step == null) {
                throw new IllegalStateException("a cycle has a step to each of its documents");
            }
            steps.add(0, step);
            at = step.from();
        } while (!at.equals(start));
        while (steps.stream()
                .anyMatch(step -> step.path().compareTo(steps.get(0).path()) < 0)) {
            steps.add(steps.remove(0));
        }
        StringBuilder way = new StringBuilder(steps.get(0).from().name());
        steps.forEach(step -> way.append(" → ")
                .append(step.to().name())
                .append(" (")
                .append(step.place())
                .append(')'));
        return finding("dependency-cycle", steps.get(0), "leads back to where it stands: " + way);
    }

    private static Finding finding(String rule, Reference reference, String problem) {
        return Finding.error(rule, "spec/" + reference.field() + " " + problem, reference.place());
    }
}
