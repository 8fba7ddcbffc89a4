package countersign.log;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.journal.Journal;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.Merkle;
import countersign.log.tile.TilePath;
import countersign.log.tile.TileStore;
import countersign.log.tile.TileTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a journal again from its first entry, beside everything else that goes on: the entries must give the root that
 * the open log has, and the files that are made from them are made good. Not thread-safe.
 */
final class LogCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);
    private static final long TOLD_EVERY = 100_000;

    /** After each of these it rests, so that it takes a core half of the time at most. */
    private static final int REST_AFTER_BYTES = 1 << 20;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Journal journal;
    private final TileStore store;
    private final Checkpoint expected;
    private int unrested;

    LogCheck(Journal journal, TileStore store, Checkpoint expected) {
        this.journal = journal;
        this.store = store;
        this.expected = expected;
    }

    /** Somebody wants the thread for something else. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What is wrong with the journal; empty if nothing is, or the thread was interrupted before that was known. */
    Optional<String> findProblem() {
        try {
            run();
        } catch (Interrupted later) {
            LOG.info("the check of the record log was interrupted");
        } catch (Refusal altered) {
            LOG.error("the record log is not what was written to it, nothing is appended any more", altered);
            return Optional.of(altered.findings().get(0).toString());
        }
        return Optional.empty();
    }

    private void run() {
        List<String> wrong = new ArrayList<>();
        Sha256 root = walk((path, bytes) -> {
            if (!isStored(path, bytes)) {
                wrong.add(path.toString());
            }
        });
        if (!root.equals(expected.root())) {
            throw new Refusal(
                    "log-corrupt",
                    "the journal's first " + expected.size() + " entries give the root " + root + ", the log's is "
                            + expected.root(),
                    "restore the journal from a copy");
        }
        if (!wrong.isEmpty()) {
            LOG.warn(
                    "{} files of the log's tiles were not what the journal makes them: {}", wrong.size(), first(wrong));
            walk((path, bytes) -> store.write(path.toString(), bytes));
        }
    }

    /** Builds the tree and hands over every full file of it. */
    private Sha256 walk(BiConsumer<TilePath, byte[]> files) {
        TileTree tree = new TileTree(files);
        List<byte[]> bundle = new ArrayList<>();
        journal.reread(expected.size(), (entries, position) -> {
            for (byte[] entry : entries) {
                tree.add(Merkle.leaf(entry));
                bundle.add(entry);
                if (bundle.size() == TilePath.FULL) {
                    files.accept(
                            TilePath.entries(tree.size() / TilePath.FULL - 1, TilePath.FULL),
                            EntryBundle.encode(bundle));
                    bundle.clear();
                }
                if (tree.size() % TOLD_EVERY == 0) {
                    LOG.info("checked {} of {} entries of the record log", tree.size(), expected.size());
                }
                rest(entry.length);
            }
        });
        return Sha256.ofDigest(tree.root());
    }

    private boolean isStored(TilePath path, byte[] bytes) {
        return store.read(path.toString())
                .filter(found -> Arrays.equals(found, bytes))
                .isPresent();
    }

    private void rest(int bytes) {
        unrested += bytes;
        if (unrested >= REST_AFTER_BYTES) {
            unrested = 0;
            LockSupport.parkNanos(REST_NANOS);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new Interrupted();
        }
    }

    private static String first(List<String> paths) {
        return String.join(", ", paths.subList(0, Math.min(paths.size(), 5)));
    }
}
