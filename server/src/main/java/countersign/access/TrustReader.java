package countersign.access;

import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the trust of snapshots and remembers it by the ids of the folders it comes from, so that most merges read none.
 * Thread-safe: every access to the memory holds its lock.
 */
public final class TrustReader {
    private static final int CAPACITY = 64;

    private final DocumentReader documents;
    private final Map<String, Trust> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Trust> eldest) {
            return size() > CAPACITY;
        }
    };

    public TrustReader(DocumentReader documents) {
        this.documents = documents;
    }

    /** The trust of a snapshot; a Refusal if it is missing or contradicts itself. */
    public Trust read(Snapshot snapshot) {
        String key = Stream.of(RepositorySettings.PATH, "access", "targets")
                .map(path -> snapshot.find(path).map(TreeEntry::id).orElse("-"))
                .collect(Collectors.joining(" "));
        synchronized (remembered) {
            Trust known = remembered.get(key);
            if (known != null) {
                return known;
            }
        }
        Trust trust = Trust.of(snapshot, documents);
        synchronized (remembered) {
            remembered.put(key, trust);
        }
        return trust;
    }
}
