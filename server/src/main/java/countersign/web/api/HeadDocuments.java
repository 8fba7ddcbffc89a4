package countersign.web.api;

import countersign.codec.Refusal;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import countersign.web.http.Entity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of main's head as entities. Thread-safe: what it remembers belongs to one commit and is replaced as a whole
 * when main moves; files that did not change are taken over.
 */
final class HeadDocuments {
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_REMEMBERED_FILE = 256 << 10;
    private static final long MAX_REMEMBERED = 32 << 20;

    private final Repository repository;
    private final Supplier<String> main;
    private volatile @Nullable Head current;

    /** @param main the commit that main points to */
    HeadDocuments(Repository repository, Supplier<String> main) {
        this.repository = repository;
        this.main = main;
    }

    /** The file at a path, or a Refusal {@code no-such-file}. */
    Entity get(String path) {
        Head head = head();
        Kept kept = head.kept.get(path);
        return kept == null ? read(head, path) : kept.entity;
    }

    /** The file at a path, if it is remembered of the present head. */
    Optional<Entity> find(String path) {
        Head known = current;
        if (known == null || !known.commit.equals(main.get())) {
            return Optional.empty();
        }
        return Optional.ofNullable(known.kept.get(path)).map(Kept::entity);
    }

    private Head head() {
        String commit = main.get();
        Head known = current;
        if (known != null && known.commit.equals(commit)) {
            return known;
        }
        Head next = new Head(commit, repository.snapshot(commit), known == null ? Map.of() : known.kept);
        current = next;
        return next;
    }

    private static Entity read(Head head, String path) {
        TreeEntry entry = head.snapshot
                .find(path)
                .filter(found -> !found.isFolder())
                .orElseThrow(() -> new Refusal("no-such-file", "main has no file " + path));
        Kept before = head.previous.get(path);
        Kept kept = before != null && before.blobId.equals(entry.id())
                ? before
                : new Kept(entry.id(), entity(head.snapshot, path, entry));
        head.remember(path, kept);
        return kept.entity;
    }

    private static Entity entity(Snapshot snapshot, String path, TreeEntry entry) {
        return Entity.of(snapshot.blobDigest(entry.id()).hex(), mediaType(path), snapshot.read(path, MAX_BYTES));
    }

    private static String mediaType(String path) {
        String end = path.substring(path.lastIndexOf('.') + 1);
        return switch (end) {
            case "yaml", "yml" -> "application/yaml";
            case "json" -> "application/json";
            case "md", "txt" -> "text/plain; charset=utf-8";
            default -> "application/octet-stream";
        };
    }

    private record Kept(String blobId, Entity entity) {}

    /** The files of one commit that were asked for. */
    private static final class Head {
        private final String commit;
        private final Snapshot snapshot;
        private final Map<String, Kept> previous;
        private final Map<String, Kept> kept = new ConcurrentHashMap<>();
        private final AtomicLong bytes = new AtomicLong();

        Head(String commit, Snapshot snapshot, Map<String, Kept> previous) {
            this.commit = commit;
            this.snapshot = snapshot;
            this.previous = previous;
        }

        void remember(String path, Kept file) {
            int size = file.entity.bytes().length;
            if (size <= MAX_REMEMBERED_FILE
                    && bytes.get() + size <= MAX_REMEMBERED
                    && kept.putIfAbsent(path, file) == null) {
                bytes.addAndGet(size + path.length());
            }
        }
    }
}
