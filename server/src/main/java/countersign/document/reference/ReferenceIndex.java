package countersign.document.reference;

import countersign.document.Document;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which documents of a tree name which, both ways. Putting a document in costs as much as it names. Not thread-safe.
 */
public final class ReferenceIndex {
    private final Map<String, Entry> byPath = new HashMap<>();
    private final Map<DocumentName, Map<String, List<Reference>>> referrers = new HashMap<>();
    private final Map<DocumentName, String> paths = new HashMap<>();

    private record Entry(DocumentName name, List<Reference> references) {}

    /** Puts a document in the place of what its path held. */
    public void put(Document document) {
        remove(document.path());
        Entry entry = new Entry(DocumentName.of(document), References.of(document));
        byPath.put(document.path(), entry);
        paths.put(entry.name(), document.path());
        for (Reference reference : entry.references()) {
            referrers
                    .computeIfAbsent(reference.to(), name -> new TreeMap<>())
                    .merge(document.path(), List.of(reference), ReferenceIndex::join);
        }
    }

    public void remove(String path) {
        Entry entry = byPath.remove(path);
        if (entry == null) {
            return;
        }
        paths.remove(entry.name(), path);
        for (Reference reference : entry.references()) {
            referrers.computeIfPresent(reference.to(), (name, places) -> {
                places.remove(path);
                return places.isEmpty() ? null : places;
            });
        }
    }

    /** Every reference to a name, by path and place. */
    public List<Reference> to(DocumentName name) {
        return referrers.getOrDefault(name, Map.of()).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Every reference of the document with a name. */
    public List<Reference> from(DocumentName name) {
        return findPath(name)
                .flatMap(path -> Optional.ofNullable(byPath.get(path)))
                .map(Entry::references)
                .orElse(List.of());
    }

    /** Where the document with a name stands. */
    public Optional<String> findPath(DocumentName name) {
        return Optional.ofNullable(paths.get(name));
    }

    /** How many documents it holds. */
    public int size() {
        return byPath.size();
    }

    private static List<Reference> join(List<Reference> some, List<Reference> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream())
                .sorted(Comparator.comparingInt(
                                (Reference reference) -> reference.place().line())
                        .thenComparingInt(reference -> reference.place().column()))
                .toList();
    }
}
