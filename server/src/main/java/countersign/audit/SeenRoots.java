package countersign.audit;

import countersign.audit.start.Memory;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.vote.SeenCheckpoint;
import countersign.log.Checkpoint;
import countersign.log.copy.LogReader;
import countersign.log.tile.Merkle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The roots that the log had at each size so far: what signers saw must be among them (PROTOCOL §4.5). Keeps the newest
 * ones; older ones are proven from the tiles. Not thread-safe.
 */
final class SeenRoots {
    private static final int HASH = 32;
    private static final int KEPT = 1 << 15;

    private final LogReader.Verified log;
    private final Deque<Subtree> newestFirst = new ArrayDeque<>();
    private final byte[] ring = new byte[KEPT * HASH];
    private final long first;
    private long size;

    /** A perfect subtree of the log. */
    private record Subtree(long size, byte[] hash) {}

    private SeenRoots(LogReader.Verified log, long first) {
        this.log = log;
        this.first = first;
        this.size = first;
    }

    /** From the first entry on. */
    static SeenRoots of(LogReader.Verified log) {
        SeenRoots roots = new SeenRoots(log, 0);
        roots.keep(Merkle.root(List.of()).bytes());
        return roots;
    }

    /** Behind what is remembered, smallest subtree first. */
    static SeenRoots since(LogReader.Verified log, Memory memory) {
        long size = memory.checkpoint().size();
        SeenRoots roots = new SeenRoots(log, size);
        List<Sha256> smallestFirst = memory.subtrees();
        long rest = size;
        for (Sha256 hash : smallestFirst) {
            roots.newestFirst.addLast(new Subtree(Long.lowestOneBit(rest), hash.bytes()));
            rest -= Long.lowestOneBit(rest);
        }
        roots.keep(roots.root());
        CloneAudit.requireSame(
                "malformed-memory",
                "the root of the remembered subtrees",
                memory.checkpoint().root(),
                roots.present());
        return roots;
    }

    /** Takes the next entry in, by its hash as a leaf. */
    void add(byte[] leaf) {
        Subtree newest = new Subtree(1, leaf);
        while (!newestFirst.isEmpty() && newestFirst.peek().size() == newest.size()) {
            Subtree left = newestFirst.pop();
            newest = new Subtree(2 * left.size(), Merkle.node(left.hash(), newest.hash()));
        }
        newestFirst.push(newest);
        size++;
        keep(root());
    }

    /** The hashes of the perfect subtrees, smallest first. */
    List<Sha256> subtrees() {
        return newestFirst.stream().map(tree -> Sha256.ofDigest(tree.hash())).toList();
    }

    /** Refuses a checkpoint that was never this log's: whoever signed it saw another log. */
    void require(SeenCheckpoint seen, String origin, long index) {
        boolean prefix = seen.origin().equals(origin) && seen.size() >= 0 && seen.size() <= index && had(seen);
        if (!prefix) {
            throw new Refusal(
                    "checkpoint-not-in-log",
                    "the signer saw " + seen.origin() + " with " + seen.size() + " entries and root " + seen.root()
                            + ", which this log never was before entry " + index);
        }
    }

    private boolean had(SeenCheckpoint seen) {
        if (seen.size() < first || seen.size() <= size - KEPT) {
            boolean empty = seen.size() == 0 && !seen.root().equals(Merkle.root(List.of()));
            return !empty && log.extendsFrom(new Checkpoint(seen.origin(), seen.size(), seen.root()));
        }
        int from = (int) (seen.size() % KEPT) * HASH;
        return Arrays.equals(ring, from, from + HASH, seen.root().bytes(), 0, HASH);
    }

    private Sha256 present() {
        int from = (int) (size % KEPT) * HASH;
        return Sha256.ofDigest(Arrays.copyOfRange(ring, from, from + HASH));
    }

    private byte[] root() {
        byte[] root = new byte[0];
        for (Subtree subtree : newestFirst) {
            root = root.length == 0 ? subtree.hash() : Merkle.node(subtree.hash(), root);
        }
        return root;
    }

    private void keep(byte[] root) {
        System.arraycopy(root, 0, ring, (int) (size % KEPT) * HASH, HASH);
    }
}
