package countersign.audit;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.Statement;
import countersign.log.LogReader;
import countersign.log.tile.Merkle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** The roots that the log had at each size: what signers saw must be among them (PROTOCOL §4.5). */
final class SeenRoots {
    private final List<Sha256> roots = new ArrayList<>();

    private SeenRoots() {}

    /** A perfect subtree of the log. */
    private record Subtree(long size, byte[] hash) {}

    static SeenRoots of(Stream<LogReader.Entry> entries) {
        SeenRoots seen = new SeenRoots();
        Deque<Subtree> subtrees = new ArrayDeque<>();
        seen.roots.add(Merkle.root(List.of()));
        entries.forEach(entry -> {
            Subtree newest = new Subtree(1, Merkle.leaf(entry.bytes()));
            while (!subtrees.isEmpty() && subtrees.peek().size() == newest.size()) {
                Subtree left = subtrees.pop();
                newest = new Subtree(2 * left.size(), Merkle.node(left.hash(), newest.hash()));
            }
            subtrees.push(newest);
            seen.roots.add(root(subtrees));
        });
        return seen;
    }

    /** Refuses a checkpoint that was never this log's: whoever signed it saw another log. */
    void require(Statement.SeenCheckpoint seen, String origin, long index) {
        boolean prefix = seen.origin().equals(origin)
                && seen.size() >= 0
                && seen.size() <= index
                && roots.get(Math.toIntExact(seen.size())).equals(seen.root());
        if (!prefix) {
            throw new Refusal(
                    "checkpoint-not-in-log",
                    "the signer saw " + seen.origin() + " with " + seen.size() + " entries and root " + seen.root()
                            + ", which this log never was before entry " + index);
        }
    }

    private static Sha256 root(Deque<Subtree> newestFirst) {
        byte[] root = null;
        for (Subtree subtree : newestFirst) {
            root = root == null ? subtree.hash() : Merkle.node(subtree.hash(), root);
        }
        if (root == null) {
            throw new IllegalStateException("a tree with entries has subtrees");
        }
        return Sha256.ofDigest(root);
    }
}
