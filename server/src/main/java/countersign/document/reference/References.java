package countersign.document.reference;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.document.Document;
import countersign.document.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Whether what documents name exists, once. */
public final class References {
    private static final Map<Kind, Map<String, Kind>> FIELDS = Map.of(
            Kind.ROLE_GRANT,
            Map.of("/spec/person", Kind.PERSON),
            Kind.CHANGE_REQUEST,
            Map.of("/spec/requester", Kind.PERSON, "/spec/collaborators", Kind.PERSON),
            Kind.SYSTEM_CONFIG,
            Map.of(
                    "/spec/owner/person", Kind.PERSON,
                    "/spec/targets", Kind.TARGET,
                    "/spec/dependsOn", Kind.SYSTEM_CONFIG,
                    "/spec/startAfter", Kind.SYSTEM_CONFIG,
                    "/spec/packages", Kind.UPGRADE_PACKAGE,
                    "/spec/keys", Kind.KEY_INVENTORY),
            Kind.KEY_INVENTORY,
            Map.of(
                    "/spec/owner/person", Kind.PERSON,
                    "/spec/custodians", Kind.PERSON,
                    "/spec/usedBy", Kind.SYSTEM_CONFIG),
            Kind.UPGRADE_PACKAGE,
            Map.of("/spec/requires", Kind.UPGRADE_PACKAGE),
            Kind.POLICY_TEST,
            Map.of("/spec/policy", Kind.POLICY));

    private References() {}

    /** The documents of a tree by kind and name. */
    @FunctionalInterface
    public interface Names {
        boolean exists(Kind kind, String name);
    }

    /** A finding {@code dangling-reference} or {@code self-reference} for each name that leads nowhere. */
    public static List<Finding> check(Document document, Names names) {
        List<Finding> findings = new ArrayList<>();
        forEach(document, (pointer, kind) -> {
            String name =
                    (String) JsonPointer.find(document.tree().root(), pointer).orElseThrow();
            if (kind == document.kind() && name.equals(document.name())) {
                findings.add(finding("self-reference", document, pointer, "names the document itself"));
            } else if (!names.exists(kind, name)) {
                String problem = "names the " + kind.label() + " " + name + ", which does not exist";
                findings.add(finding("dangling-reference", document, pointer, problem));
            }
        });
        return List.copyOf(findings);
    }

    /** The documents that a document names. */
    public static Set<String> namesOf(Document document, Kind wanted) {
        Set<String> found = new TreeSet<>();
        forEach(document, (pointer, kind) -> {
            if (kind == wanted) {
                found.add((String)
                        JsonPointer.find(document.tree().root(), pointer).orElseThrow());
            }
        });
        return Set.copyOf(found);
    }

    /** A finding {@code dangling-payload} for each {@code from} of a SystemConfig without a file. */
    public static List<Finding> checkPayload(Document document, Predicate<String> fileExists) {
        List<Finding> findings = new ArrayList<>();
        if (document.kind() == Kind.SYSTEM_CONFIG) {
            String folder = document.path().substring(0, document.path().lastIndexOf('/')) + "/files/";
            forEachIn(document, "/spec/files", file -> {
                String pointer = file + "/from";
                JsonPointer.find(document.tree().root(), pointer)
                        .filter(from -> !fileExists.test(folder + from))
                        .ifPresent(from -> findings.add(finding(
                                "dangling-payload",
                                document,
                                pointer,
                                "names " + folder + from + ", which does not exist")));
            });
        }
        return List.copyOf(findings);
    }

    /** A finding {@code duplicate-name} for each document whose name an earlier one of its kind has. */
    public static List<Finding> duplicateNames(Collection<Document> documents) {
        List<Finding> findings = new ArrayList<>();
        Map<String, Document> first = new HashMap<>();
        for (Document document : documents) {
            Document other = first.putIfAbsent(document.kind() + "/" + document.name(), document);
            if (other != null) {
                String problem = "is also the name of the " + document.kind().label() + " in " + other.path();
                findings.add(finding("duplicate-name", document, "/metadata/name", problem));
            }
        }
        return List.copyOf(findings);
    }

    private static void forEach(Document document, BiConsumer<String, Kind> reference) {
        FIELDS.getOrDefault(document.kind(), Map.of()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> {
                    Object value = JsonPointer.find(document.tree().root(), field.getKey())
                            .orElse("");
                    if (value instanceof List<?>) {
                        forEachIn(document, field.getKey(), pointer -> reference.accept(pointer, field.getValue()));
                    } else if (!value.equals("")) {
                        reference.accept(field.getKey(), field.getValue());
                    }
                });
    }

    private static void forEachIn(Document document, String list, Consumer<String> element) {
        if (JsonPointer.find(document.tree().root(), list).orElse(List.of()) instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                element.accept(list + "/" + i);
            }
        }
    }

    private static Finding finding(String rule, Document document, String pointer, String problem) {
        return Finding.error(
                rule, pointer.substring(1) + " " + problem, document.tree().placeOf(pointer));
    }
}
