package countersign.cli.folder;

import countersign.document.ChangePath;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.reference.DocumentName;
import countersign.document.reference.NamedDocuments;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The documents of a folder by their names; those that are wrong exist too. */
final class FolderNames implements NamedDocuments {
    private final Set<String> present;
    private final Set<String> systems = new HashSet<>();
    private final Map<DocumentName, Document> valid = new HashMap<>();

    /** @param present every path of the folder */
    FolderNames(Set<String> present, Collection<Document> valid) {
        this.present = present;
        present.stream()
                .filter(path -> path.startsWith("systems/") && path.endsWith(".yaml"))
                .forEach(path -> systems.add(path.substring(path.lastIndexOf('/') + 1)));
        valid.forEach(document -> this.valid.putIfAbsent(DocumentName.of(document), document));
    }

    @Override
    public boolean exists(DocumentName name) {
        String file = name.name() + ".yaml";
        boolean stands = name.kind() == Kind.SYSTEM_CONFIG
                ? systems.contains(file)
                : present.contains(name.kind().folder() + "/" + file);
        return stands || valid.containsKey(name);
    }

    @Override
    public Optional<Document> find(DocumentName name) {
        return Optional.ofNullable(valid.get(name));
    }

    /** Whether a document is a merged request, which is history: what it names may be gone since. */
    boolean isMerged(Document document) {
        return ChangePath.ofDocument(document.path())
                .filter(change -> present.contains(change.folder() + "manifest.json"))
                .isPresent();
    }
}
