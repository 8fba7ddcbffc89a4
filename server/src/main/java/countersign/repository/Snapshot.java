package countersign.repository;

import countersign.codec.Sha256;
import java.util.List;
import java.util.Optional;

/**
 * All files at one moment: a Git tree. Immutable and safe for use by several threads. Ids are Git object ids, so equal
 * ids mean equal bytes; what is signed is SHA-256.
 */
public interface Snapshot {
    /** The Git tree id. */
    String treeId();

    /** The entry at a path, file or folder; empty if there is none. The root is not an entry. */
    Optional<TreeEntry> find(String path);

    /** The direct children of a folder in Git's order; {@code ""} is the root; empty if there is no such folder. */
    List<TreeEntry> list(String folder);

    /** The bytes of a file; a Refusal {@code too-large} above maxBytes, {@code no-such-file} if absent. */
    byte[] read(String path, int maxBytes);

    /** SHA-256 of a blob's bytes, remembered by id. */
    Sha256 blobDigest(String blobId);

    /** The Merkle root over the whole tree (PROTOCOL §1.7), remembered by tree id. */
    Sha256 contentRoot();

    /**
     * The same, found sooner if this differs little from an earlier snapshot of the repository whose root was found lately.
     */
    default Sha256 contentRootSince(Snapshot earlier) {
        return contentRoot();
    }
}
