package countersign.repository;

import countersign.document.Document;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The documents that were read last, up to a number of them and up to an amount of text: a parsed document takes about ten
 * times the memory of its text. Thread-safe: one lock.
 */
final class RecentDocuments {
    private final int mostDocuments;
    private final long mostBytes;
    private final Map<String, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    private record Kept(Document document, int bytes) {}

    RecentDocuments(int mostDocuments, long mostBytes) {
        this.mostDocuments = mostDocuments;
        this.mostBytes = mostBytes;
    }

    synchronized Optional<Document> find(String key) {
        return Optional.ofNullable(kept.get(key)).map(Kept::document);
    }

    /** @param size bytes of its text */
    synchronized void put(String key, Document document, int size) {
        Kept before = kept.put(key, new Kept(document, size));
        bytes += size - (before == null ? 0 : before.bytes);
        Iterator<Kept> eldest = kept.values().iterator();
        while (kept.size() > mostDocuments || (bytes > mostBytes && kept.size() > 1)) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }
}
