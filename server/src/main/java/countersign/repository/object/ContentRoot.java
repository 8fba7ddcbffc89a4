package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.Remembered;
import countersign.repository.TreeEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The Merkle root of a tree by SHA-256 (PROTOCOL §1.7), remembered by tree id. Thread-safe.
 *
 * <p>The digest of a tree is the SHA-256 of the concatenation, over its entries in Git's order (by UTF-8 bytes of the
 * name, a folder's name counting with {@code /} at its end), of: the mode as six ASCII digits ({@code 100644},
 * {@code 100755}, {@code 040000}, as {@code git ls-tree} prints it), one space, the name in UTF-8, one NUL, and 32 bytes:
 * the SHA-256 of the blob's bytes (no header), or the digest of the subtree. The empty tree has the SHA-256 of nothing.
 * A tree that holds any other mode has no root: Refusal {@code forbidden-mode}.
 */
final class ContentRoot {
    private static final int TREES_REMEMBERED = 10_000;
    private static final int BLOBS_REMEMBERED = 20_000;

    private static final int ORIGINS_REMEMBERED = 1_000;
    private static final int BYTES_REMEMBERED = 4 << 20;

    private static final int MAX_DEPTH = 200;
    private static final int MAX_UTF8 = 3;
    private static final int DIGEST_BYTES = 32;

    private final Trees trees;
    private final ObjectStore objects;
    private final Remembered<Sha256> roots;
    private final Remembered<Sha256> blobs;
    private final Remembered<String> origins;

    /** Not shared: of an id that two stores have, they may hold other bytes. */
    private final EntryBytesMemory covered;

    ContentRoot(Trees trees, ObjectStore objects) {
        this.trees = trees;
        this.objects = objects;
        this.roots = new Remembered<>(TREES_REMEMBERED);
        this.blobs = new Remembered<>(BLOBS_REMEMBERED);
        this.origins = new Remembered<>(ORIGINS_REMEMBERED);
        this.covered = new EntryBytesMemory(BYTES_REMEMBERED);
    }

    ContentRoot(Trees trees, ObjectStore objects, ContentRoot known) {
        this.trees = trees;
        this.objects = objects;
        this.roots = new Remembered<>(TREES_REMEMBERED, known.roots);
        this.blobs = new Remembered<>(BLOBS_REMEMBERED, known.blobs);
        this.origins = new Remembered<>(ORIGINS_REMEMBERED, known.origins);
        this.covered = new EntryBytesMemory(BYTES_REMEMBERED);
    }

    Sha256 of(String treeId) {
        return of(treeId, Optional::empty, 0);
    }

    /**
     * The same.
     *
     * @param earlier a tree from which it may differ little; asked for only if the root and where it comes from are unknown
     */
    Sha256 of(String treeId, Supplier<Optional<String>> earlier) {
        return of(treeId, earlier, 0);
    }

    Sha256 blobDigest(String blobId) {
        return blobs.get(blobId, () -> objects.digest(blobId));
    }

    /** Notes that a tree was made from another, from which it may differ little. */
    void derive(String treeId, String origin) {
        origins.put(treeId, origin);
    }

    private Sha256 of(String treeId, Supplier<Optional<String>> earlier, int depth) {
        return roots.get(treeId, () -> compute(treeId, origins.find(treeId).or(earlier), depth));
    }

    private Sha256 compute(String treeId, Optional<String> origin, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Refusal("too-many-paths", "a tree has folders more than " + MAX_DEPTH + " levels deep");
        }
        Covered form = new Covered(origin.flatMap(trees::findRead).orElse(List.of()), depth);
        EntryBytes bytes = covered.get(origin.orElse(treeId)).with(trees.read(treeId), form);
        covered.put(treeId, bytes);
        return Sha256.of(bytes.bytes());
    }

    /** What the digest of a tree covers, so many levels below the root. */
    private final class Covered implements EntryBytes.Form {
        private final List<TreeEntry> earlier;
        private final int depth;

        /** @param earlier the entries of a tree from which this one may differ little; so may its folders, name by name */
        Covered(List<TreeEntry> earlier, int depth) {
            this.earlier = earlier;
            this.depth = depth;
        }

        @Override
        public int maximalLength(TreeEntry entry) {
            return entry.rawMode().length() + entry.name().length() * MAX_UTF8 + 2 + DIGEST_BYTES;
        }

        @Override
        public void put(TreeEntry entry, ByteBuffer bytes) {
            Trees.putText(bytes, entry.rawMode());
            bytes.put((byte) ' ');
            Trees.putText(bytes, entry.name());
            bytes.put((byte) 0);
            digest(entry).addTo(bytes);
        }

        private Sha256 digest(TreeEntry entry) {
            if (entry.isFolder()) {
                return of(entry.id(), () -> earlier(entry.name()), depth + 1);
            }
            if (entry.fileMode() == null) {
                throw new Refusal(
                        "forbidden-mode",
                        entry.name() + " has mode " + entry.rawMode() + ", only files and folders may be");
            }
            return blobDigest(entry.id());
        }

        private Optional<String> earlier(String folder) {
            return TreeEntry.find(earlier, folder).filter(TreeEntry::isFolder).map(TreeEntry::id);
        }
    }
}
