package countersign.repository;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Document;
import countersign.document.PathRules;
import countersign.document.overlay.Overlays;
import countersign.document.reader.Documents;
import countersign.document.reader.Inspection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the documents of snapshots and remembers the most recent ones by path and blob id, so that what did not change
 * is parsed once. Thread-safe: every access to the memory holds its lock.
 */
public final class DocumentReader {
    private static final int MAX_BYTES = 1 << 20;

    /** How much text is remembered as documents, which take up to ten times as much memory. */
    private static final long MAX_REMEMBERED = 4 << 20;

    /** What a system that is put over others counts for, which shares most with them. */
    private static final int OVERLAID = 1 << 10;

    private static final int INSPECTIONS = 256;
    private static final int MAX_INSPECTED = 64 << 10;

    private final Documents documents;
    private final RecentDocuments remembered;

    /** By path and digest: an edit is judged before it is written, once more as part of its branch, and then read. */
    private final Map<String, Inspection> inspected = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Inspection> eldest) {
            return size() > INSPECTIONS;
        }
    };

    private final TreeReferences references = new TreeReferences(this);

    /** @param capacity how many documents are remembered at most */
    public DocumentReader(Documents documents, int capacity) {
        this.documents = documents;
        this.remembered = new RecentDocuments(capacity, MAX_REMEMBERED);
    }

    /**
     * The document at a path, a system put over its bases; empty if nothing or no document stands there; a Refusal if it is
     * not valid.
     */
    public Optional<Document> find(Snapshot snapshot, String path) {
        return findWritten(snapshot, path)
                .map(written -> Overlays.base(written).isPresent() ? whole(snapshot, written) : written);
    }

    /** By everything in the folder, which its bases are in too. */
    private Document whole(Snapshot snapshot, Document written) {
        String folder = written.path().substring(0, written.path().lastIndexOf('/'));
        String key = snapshot.find(folder).map(TreeEntry::id).orElseThrow() + " over " + written.path();
        Optional<Document> known = remembered.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        Inspection inspection = documents.whole(written, path -> findWritten(snapshot, path));
        Refusal.ifAnyBlocks(inspection.findings());
        Document whole = Objects.requireNonNull(inspection.document());
        remembered.put(key, whole, OVERLAID);
        return whole;
    }

    /** The same as it is written, whatever it is put over. */
    public Optional<Document> findWritten(Snapshot snapshot, String path) {
        Optional<TreeEntry> entry = snapshot.find(path).filter(found -> !found.isFolder());
        if (entry.isEmpty() || !PathRules.isDocument(path)) {
            return Optional.empty();
        }
        String key = entry.get().id() + " " + path;
        Optional<Document> known = remembered.find(key);
        if (known.isPresent()) {
            return known;
        }
        byte[] text = snapshot.read(path, MAX_BYTES);
        Inspection inspection = inspection(path, text);
        Refusal.ifAnyBlocks(inspection.findings());
        Optional<Document> read = Optional.ofNullable(inspection.document());
        read.ifPresent(document -> remembered.put(key, document, text.length));
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

    /** The references between the documents of snapshots: one index for all who ask. */
    public TreeReferences references() {
        return references;
    }

    /** Everything that is wrong with a file's bytes. */
    public List<Finding> inspect(String path, byte[] bytes) {
        return inspection(path, bytes).findings();
    }

    /** The same, with the document if they hold one. */
    public Inspection inspection(String path, byte[] bytes) {
        if (bytes.length > MAX_INSPECTED) {
            return documents.inspect(path, bytes);
        }
        String key = Sha256.of(bytes).hex() + " " + path;
        synchronized (inspected) {
            Inspection known = inspected.get(key);
            if (known != null) {
                return known;
            }
        }
        Inspection inspection = documents.inspect(path, bytes);
        synchronized (inspected) {
            inspected.put(key, inspection);
        }
        return inspection;
    }
}
