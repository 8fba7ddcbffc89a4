package countersign.repository;

import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the documents of snapshots and remembers the most recent ones by path and blob id, so that what did not change
 * is parsed once. Thread-safe: every access to the memory holds its lock.
 */
public final class DocumentReader {
    private static final int MAX_BYTES = 1 << 20;

    private final Documents documents;
    private final Map<String, Document> remembered;

    /** @param capacity how many documents are remembered */
    public DocumentReader(Documents documents, int capacity) {
        this.documents = documents;
        this.remembered = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Document> eldest) {
                return size() > capacity;
            }
        };
    }

    /** The document at a path; empty if nothing or no document stands there; a Refusal if it is not valid. */
    public Optional<Document> find(Snapshot snapshot, String path) {
        Optional<TreeEntry> entry = snapshot.find(path).filter(found -> !found.isFolder());
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        String key = entry.get().id() + " " + path;
        synchronized (remembered) {
            Document known = remembered.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<Document> read = documents.read(path, snapshot.read(path, MAX_BYTES));
        read.ifPresent(document -> remember(key, document));
        return read;
    }

    /** The documents directly in a folder, in the order of their names. */
    public List<Document> list(Snapshot snapshot, String folder) {
        List<Document> documents = new ArrayList<>();
        for (TreeEntry entry : snapshot.list(folder)) {
            if (!entry.isFolder() && entry.name().endsWith(".yaml")) {
                find(snapshot, folder.isEmpty() ? entry.name() : folder + "/" + entry.name())
                        .ifPresent(documents::add);
            }
        }
        return documents;
    }

    /** Everything that is wrong with a file's bytes; nothing is remembered. */
    public List<Finding> inspect(String path, byte[] bytes) {
        return documents.inspect(path, bytes).findings();
    }

    private void remember(String key, Document document) {
        synchronized (remembered) {
            remembered.put(key, document);
        }
    }
}
