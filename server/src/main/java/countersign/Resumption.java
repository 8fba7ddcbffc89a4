package countersign;

import countersign.apply.Applications;
import countersign.apply.ApplyMemory;
import countersign.apply.record.ApplyLog;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.store.JdbcLogAnchor;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a start goes on: what the database remembers of the record log, as long as it is the same log. Used by one thread
 * at a time.
 */
final class Resumption {
    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);
    private static final long STEP = 1_000;
    private static final Sha256 NOTHING = Sha256.of(new byte[0]);

    private final JdbcLogAnchor anchors;
    private final RecordLog log;
    private final String repository;
    private ApplyMemory memory;

    private Resumption(JdbcLogAnchor anchors, RecordLog log, String repository, ApplyMemory memory) {
        this.anchors = anchors;
        this.log = log;
        this.repository = repository;
        this.memory = memory;
    }

    /**
     * Holds what the database remembers against the log; refuses one that was made from another repository as
     * {@code database-of-another-repository}, because its tokens would let other people in.
     *
     * @param forget clears the projections; run if the log is not the one that they were made from
     */
    static Resumption of(JdbcLogAnchor anchors, RecordLog log, Runnable forget) {
        String repository = repository(log);
        Optional<JdbcLogAnchor.Anchor> kept = anchors.find();
        if (kept.isEmpty()) {
            return new Resumption(anchors, log, repository, ApplyMemory.NONE);
        }
        JdbcLogAnchor.Anchor anchor = kept.get();
        if (!anchor.repository().equals(repository)) {
            throw new Refusal(
                    "database-of-another-repository",
                    "the database belongs to the repository " + anchor.repository() + ", the record log to "
                            + repository,
                    "name the database of this repository, or an empty one");
        }
        if (fits(anchor, log)) {
            return new Resumption(anchors, log, repository, ApplyMemory.parse(anchor.apply()));
        }
        LOG.warn(
                "the record log is not the one that the database was made from, which had {} entries with the root {};"
                        + " all projections are made again",
                anchor.entries(),
                anchor.root());
        anchors.forget(new JdbcLogAnchor.Anchor(repository, 0, NOTHING, ApplyMemory.NONE.text()));
        forget.run();
        return new Resumption(anchors, log, repository, ApplyMemory.NONE);
    }

    /** What was due, as it was remembered; {@link Applications#replay} reads what is new since. */
    Applications applications() {
        return Applications.recall(memory);
    }

    /** Remembers the log as it stands, if enough is new since the last time. The projections have seen all of it. */
    void remember(ApplyLog applied) {
        long entries = log.size();
        if (entries - memory.entries() >= STEP || memory.entries() == 0) {
            Applications seen = Applications.recall(memory);
            seen.replay(applied);
            ApplyMemory newest = seen.memory(entries);
            anchors.keep(new JdbcLogAnchor.Anchor(repository, entries, log.root(entries), newest.text()));
            memory = newest;
        }
    }

    private static boolean fits(JdbcLogAnchor.Anchor anchor, RecordLog log) {
        return anchor.entries() <= log.size() && log.root(anchor.entries()).equals(anchor.root());
    }

    private static String repository(RecordLog log) {
        if (log.size() > 0 && LogEntry.parse(log.entry(0)) instanceof LogEntry.Genesis genesis) {
            return genesis.repository();
        }
        throw new Refusal("no-genesis", "the record log has no genesis", "run countersign init first");
    }
}
