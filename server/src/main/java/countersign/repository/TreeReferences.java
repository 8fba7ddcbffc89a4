package countersign.repository;

import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.PathRules;
import countersign.document.reference.DocumentName;
import countersign.document.reference.Impact;
import countersign.document.reference.NamedDocuments;
import countersign.document.reference.Reference;
import countersign.document.reference.ReferenceIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which documents of a snapshot name which. One index follows from snapshot to snapshot: folders whose tree id it knows
 * are not entered, so the first question reads the whole tree and each later one what differs. Merged requests are
 * history and hold nothing in place. Thread-safe: every access to the index holds its lock.
 */
public final class TreeReferences {
    private static final String HISTORY = "changes";

    private final DocumentReader documents;
    private final ReferenceIndex index = new ReferenceIndex();
    private final Map<String, Folder> folders = new HashMap<>();
    private long read;

    private record Folder(String treeId, Map<String, TreeEntry> children) {}

    TreeReferences(DocumentReader documents) {
        this.documents = documents;
    }

    /** Every reference to a document of a snapshot, by path and place. */
    public List<Reference> to(Snapshot snapshot, DocumentName name) {
        synchronized (index) {
            follow(snapshot);
            return index.to(name);
        }
    }

    /** What a change of documents reaches in a snapshot. */
    public Impact impact(Snapshot snapshot, Collection<DocumentName> changed) {
        synchronized (index) {
            follow(snapshot);
            return Impact.of(changed, index);
        }
    }

    /** The documents of a snapshot by their names; looks at the paths where a kind's documents stand. */
    public NamedDocuments named(Snapshot snapshot) {
        return new NamedDocuments() {
            @Override
            public boolean exists(DocumentName name) {
                return paths(name).stream().anyMatch(path -> snapshot.find(path).isPresent());
            }

            @Override
            public Optional<Document> find(DocumentName name) {
                return paths(name).stream()
                        .flatMap(path -> documents.find(snapshot, path).stream())
                        .findFirst();
            }
        };
    }

    /** How many documents were read into the index since it exists: the measure of its work. */
    public long documentsRead() {
        synchronized (index) {
            return read;
        }
    }

    /** The family of a system is its name or a dash-separated start of it. */
    private static List<String> paths(DocumentName name) {
        if (name.kind() != Kind.SYSTEM_CONFIG) {
            return List.of(name.kind().folder() + "/" + name.name() + ".yaml");
        }
        List<String> paths = new ArrayList<>();
        for (int end = name.name().indexOf('-'); end > 0; end = name.name().indexOf('-', end + 1)) {
            paths.add("systems/" + name.name().substring(0, end) + "/" + name.name() + ".yaml");
        }
        paths.add("systems/" + name.name() + "/" + name.name() + ".yaml");
        return paths;
    }

    private void follow(Snapshot snapshot) {
        enter(snapshot, "", snapshot.treeId());
    }

    private void enter(Snapshot snapshot, String folder, String treeId) {
        Folder known = folders.get(folder);
        if (known != null && known.treeId().equals(treeId)) {
            return;
        }
        Map<String, TreeEntry> before = known == null ? Map.of() : known.children();
        Map<String, TreeEntry> now = new HashMap<>();
        for (TreeEntry entry : snapshot.list(folder)) {
            String path = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
            if (!path.equals(HISTORY) && !PathRules.isPayload(path + "/x")) {
                now.put(entry.name(), entry);
            }
        }
        before.forEach((name, entry) -> {
            TreeEntry next = now.get(name);
            if (next == null || next.isFolder() != entry.isFolder()) {
                leave(folder.isEmpty() ? name : folder + "/" + name, entry);
            }
        });
        now.forEach((name, entry) -> {
            String path = folder.isEmpty() ? name : folder + "/" + name;
            if (entry.isFolder()) {
                enter(snapshot, path, entry.id());
            } else if (!entry.equals(before.get(name)) && path.endsWith(".yaml")) {
                put(snapshot, path);
            }
        });
        folders.put(folder, new Folder(treeId, now));
    }

    private void put(Snapshot snapshot, String path) {
        read++;
        try {
            Optional<Document> document = documents.findWritten(snapshot, path);
            document.ifPresentOrElse(index::put, () -> index.remove(path));
        } catch (Refusal wrong) {
            index.remove(path);
        }
    }

    private void leave(String path, TreeEntry entry) {
        if (!entry.isFolder()) {
            index.remove(path);
            return;
        }
        Folder folder = folders.remove(path);
        if (folder != null) {
            folder.children().forEach((name, child) -> leave(path + "/" + name, child));
        }
    }
}
