package countersign.audit;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.Statement;
import countersign.log.tile.Merkle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The roots that the log had at each size so far: what signers saw must be among them (PROTOCOL §4.5). Keeps 32 bytes for
 * each entry. Not thread-safe.
 */
final class SeenRoots {
    private static final int HASH = 32;

    private final Deque<Subtree> newestFirst = new ArrayDeque<>();
    private byte[] roots = new byte[HASH << 10];
    private int sizes;

    SeenRoots() {
        keep(Merkle.root(List.of()).bytes());
    }

    /** A perfect subtree of the log. */
    private record Subtree(long size, byte[] hash) {}

    /** Takes the next entry in, by its hash as a leaf. */
    void add(byte[] leaf) {
        Subtree newest = new Subtree(1, leaf);
        for (Subtree left = newestFirst.peek(); left != null && left.size() == newest.size(); ) {
            newest = new Subtree(2 * left.size(), Merkle.node(left.hash(), newest.hash()));
            newestFirst.pop();
            left = newestFirst.peek();
        }
        newestFirst.push(newest);
        keep(root());
    }

    /** Whether the log had this root at this size. */
    boolean had(long size, Sha256 root) {
        int from = (int) size * HASH;
        return size >= 0 && size < sizes && Arrays.equals(roots, from, from + HASH, root.bytes(), 0, HASH);
    }

    /** Refuses a checkpoint that was never this log's: whoever signed it saw another log. */
    void require(Statement.SeenCheckpoint seen, String origin, long index) {
        if (!seen.origin().equals(origin) || seen.size() > index || !had(seen.size(), seen.root())) {
            throw new Refusal(
                    "checkpoint-not-in-log",
                    "the signer saw " + seen.origin() + " with " + seen.size() + " entries and root " + seen.root()
                            + ", which this log never was before entry " + index);
        }
    }

    private byte[] root() {
        byte[] root = new byte[0];
        for (Subtree subtree : newestFirst) {
            root = root.length == 0 ? subtree.hash() : Merkle.node(subtree.hash(), root);
        }
        return root;
    }

    private void keep(byte[] root) {
        if ((sizes + 1) * HASH > roots.length) {
            roots = Arrays.copyOf(roots, Math.multiplyExact(roots.length, 2));
        }
        System.arraycopy(root, 0, roots, sizes * HASH, HASH);
        sizes++;
    }
}
