package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.Remembered;
import countersign.repository.TreeEntry;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

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
    private static final int TREES_REMEMBERED = 20_000;
    private static final int BLOBS_REMEMBERED = 100_000;

    /** Many small pieces cost a digest more than their bytes. */
    private static final int BUFFER = 8 << 10;

    private static final int MAX_UTF8 = 3;
    private static final int DIGEST_BYTES = 32;

    private final Trees trees;
    private final ObjectStore objects;
    private final Remembered<Sha256> roots;
    private final Remembered<Sha256> blobs;

    ContentRoot(Trees trees, ObjectStore objects) {
        this.trees = trees;
        this.objects = objects;
        this.roots = new Remembered<>(TREES_REMEMBERED);
        this.blobs = new Remembered<>(BLOBS_REMEMBERED);
    }

    ContentRoot(Trees trees, ObjectStore objects, ContentRoot known) {
        this.trees = trees;
        this.objects = objects;
        this.roots = new Remembered<>(TREES_REMEMBERED, known.roots);
        this.blobs = new Remembered<>(BLOBS_REMEMBERED, known.blobs);
    }

    Sha256 of(String treeId) {
        return roots.get(treeId, () -> compute(treeId));
    }

    Sha256 blobDigest(String blobId) {
        return blobs.get(blobId, () -> objects.digest(blobId));
    }

    private Sha256 compute(String treeId) {
        MessageDigest digest = Sha256.newDigest();
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        for (TreeEntry entry : trees.read(treeId)) {
            if (bytes.remaining() < maximalLength(entry)) {
                digest.update(bytes.flip());
                bytes = ByteBuffer.allocate(Math.max(BUFFER, maximalLength(entry)));
            }
            Trees.putText(bytes, entry.rawMode());
            bytes.put((byte) ' ');
            Trees.putText(bytes, entry.name());
            bytes.put((byte) 0);
            entryDigest(entry).addTo(bytes);
        }
        digest.update(bytes.flip());
        return Sha256.ofDigest(digest.digest());
    }

    private static int maximalLength(TreeEntry entry) {
        return entry.rawMode().length() + entry.name().length() * MAX_UTF8 + 2 + DIGEST_BYTES;
    }

    private Sha256 entryDigest(TreeEntry entry) {
        if (entry.isFolder()) {
            return of(entry.id());
        }
        if (entry.fileMode() == null) {
            throw new Refusal(
                    "forbidden-mode",
                    entry.name() + " has mode " + entry.rawMode() + ", only files and folders may be");
        }
        return blobDigest(entry.id());
    }
}
