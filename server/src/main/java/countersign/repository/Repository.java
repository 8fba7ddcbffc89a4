package countersign.repository;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Versioned storage with Git's object model. Thread-safe. Names of refs are full ({@code refs/heads/main}). What a
 * method that writes has returned survives a crash of the process; {@link #force} makes it survive a power cut.
 */
public interface Repository extends AutoCloseable {
    String MAIN = "refs/heads/main";

    /** The commit a ref points to; answered from memory where the implementation can. */
    Optional<String> findRef(String ref);

    /**
     * The commit a ref points to as storage has it now, which {@link #findRef} may not know when somebody moved the ref
     * by other means; from then on findRef knows it too.
     */
    Optional<String> readRef(String ref);

    /** Refs whose name starts with the prefix, with their commit ids, sorted by name. */
    Map<String, String> listRefs(String prefix);

    /** The commit, or a Refusal {@code no-such-commit}. */
    Commit getCommit(String commitId);

    /** The files of a commit, or a Refusal {@code no-such-commit}. */
    default Snapshot snapshot(String commitId) {
        return snapshotOfTree(getCommit(commitId).treeId());
    }

    /** The files of a tree that exists. */
    Snapshot snapshotOfTree(String treeId);

    /** The best common ancestor of two commits; empty if their histories never met. */
    Optional<String> mergeBase(String left, String right);

    /**
     * Commits reachable from tip and not from base, newest first, no parent before its child.
     *
     * @param limit more than this many is a Refusal {@code too-many-commits}
     */
    List<Commit> commitsBetween(String base, String tip, int limit);

    /**
     * The tree that has the edits applied; writes only the trees the edits touch. Folders that become empty vanish. A
     * file where the tree has a folder, or the reverse, is a Refusal {@code path-is-folder}, unless the same edits
     * delete what is in the way. More than 20,000 edits are a Refusal {@code too-many-paths}, a path that Git cannot
     * hold is a {@code malformed-path}, a link to a blob that is not there a {@code no-such-file}.
     *
     * @param treeId the tree to start from; null for the empty tree
     */
    String edit(@Nullable String treeId, Map<String, Edit> edits);

    /** The files of the tree that {@link #edit} would make; writes nothing, and is refused where that would be. */
    Snapshot edited(@Nullable String treeId, Map<String, Edit> edits);

    /**
     * Writes a commit, unreferenced.
     *
     * @param signer from the payload's bytes to an armored signature for the {@code gpgsig} header
     */
    String commit(CommitDraft draft, Signer signer);

    /** Writes an unsigned commit, unreferenced. */
    String commit(CommitDraft draft);

    /** Makes everything written so far by this process survive a power cut. Groups what waits under one force. */
    void force();

    /**
     * Why nothing is to be written: the disk is full, takes no writes, or failed. May pass by itself. Empty while all is
     * well.
     */
    default Optional<String> findProblem() {
        return Optional.empty();
    }

    /**
     * Moves all refs or none by compare-and-swap.
     *
     * @return false if any ref did not have the expected value; then nothing moved
     */
    boolean moveRefs(List<RefMove> moves);

    @Override
    void close();

    /** Signs a commit's payload. */
    @FunctionalInterface
    interface Signer extends UnaryOperator<byte[]> {
        @Override
        byte[] apply(byte[] payload);
    }

    /**
     * One ref's move.
     *
     * @param ref full name
     * @param expected the commit it must point to now; null if it must not exist
     * @param next the commit it is to point to; null to delete it
     */
    record RefMove(
            String ref, @Nullable String expected, @Nullable String next) {}
}
