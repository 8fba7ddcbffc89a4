package countersign.log.copy;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Checkpoint;
import countersign.log.LogEntry;
import countersign.log.LogTrust;
import countersign.log.tile.TileSource;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads a log that somebody else keeps, and believes nothing but signatures: the root is computed again from the
 * entries, and every tile is compared with them. Holds no state between calls; not for several threads at once.
 *
 * <p>Refusals: those of {@link LogTrust#verify}; {@code log-entry-altered} and {@code log-tile-altered}, which name the
 * paths; {@code log-forked} if what is signed is not what is there, or does not extend what is remembered;
 * {@code log-truncated} if it ends before what is remembered.
 */
public final class LogReader {
    private final TileSource source;
    private final LogTrust trust;

    public LogReader(TileSource source, LogTrust trust) {
        this.source = source;
        this.trust = trust;
    }

    /**
     * One entry with its place in the log.
     *
     * @param leaf its hash as a leaf of the tree
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Entry(long index, byte[] bytes, byte[] leaf) {
        /** Reads the bytes as an entry of a record log. */
        public LogEntry parse() {
            return LogEntry.parse(bytes);
        }
    }

    /** A log that was found whole, up to a checkpoint, from the first entry that was not verified before. */
    public static final class Verified {
        private final LogTrust.Verified head;
        private final LogWalk walk;

        private Verified(LogTrust.Verified head, LogWalk walk) {
            this.head = head;
            this.walk = walk;
        }

        /** The checkpoint and who signed it. */
        public LogTrust.Verified head() {
            return head;
        }

        public Checkpoint checkpoint() {
            return head.checkpoint();
        }

        /** Whether the log once was what a checkpoint says, or is it; whoever signed that one saw this log. */
        public boolean extendsFrom(Checkpoint older) {
            return older.origin().equals(checkpoint().origin()) && walk.extendsFrom(older);
        }

        /** Any entry, not compared with anything. */
        public Entry entry(long index) {
            return walk.entry(index);
        }

        /** The newly verified entries in order, read again as they are asked for and compared with what was verified. */
        public Stream<Entry> entries() {
            return walk.entries();
        }
    }

    /** Verifies the whole log. */
    public Verified verify() {
        return verify(entry -> {});
    }

    /** Verifies the whole log; shows every entry once on the way, before it is known that all is well. */
    public Verified verify(Consumer<Entry> shown) {
        return verifySince(Checkpoint.empty(trust.origin()), shown);
    }

    /**
     * Verifies that the log extends a checkpoint that was verified before, and the entries and tiles since then. The
     * cost follows the number of new entries.
     */
    public Verified verifySince(Checkpoint remembered) {
        return verifySince(remembered, entry -> {});
    }

    /** The same; shows every new entry once on the way, before it is known that all is well. */
    public Verified verifySince(Checkpoint remembered, Consumer<Entry> shown) {
        LogTrust.Verified head = trust.verify(source.read(TileSource.CHECKPOINT)
                .orElseThrow(
                        () -> new Refusal("checkpoint-not-signed", "the log has no file " + TileSource.CHECKPOINT)));
        requireAtLeast(remembered, head.checkpoint());
        LogWalk walk = new LogWalk(source, head.checkpoint(), remembered.size());
        Sha256 root = walk.root();
        if (!root.equals(remembered.root())) {
            new LogWalk(source, head.checkpoint(), 0).run(shown);
            throw new Refusal(
                    "log-forked",
                    "the log's first " + remembered.size() + " entries have the root " + root + ", remembered is "
                            + remembered.root());
        }
        walk.run(shown);
        return new Verified(head, walk);
    }

    private static void requireAtLeast(Checkpoint remembered, Checkpoint found) {
        if (!remembered.origin().equals(found.origin())) {
            throw new Refusal(
                    "log-forked", "remembered is the log " + remembered.origin() + ", found " + found.origin());
        }
        if (remembered.size() > found.size()) {
            throw new Refusal(
                    "log-truncated", "the log has " + found.size() + " entries, remembered are " + remembered.size());
        }
    }
}
