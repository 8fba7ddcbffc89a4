package countersign.merge;

import countersign.codec.Refusal;
import countersign.gate.vote.SeenCheckpoint;
import countersign.log.Checkpoint;
import countersign.log.RecordLog;

/** Whether the log that a signer saw is this one: two people who were shown different histories can't both sign. */
public final class SeenLog {
    private SeenLog() {}

    /** Refuses {@code checkpoint-not-in-log} a checkpoint that is no prefix of the log. */
    public static void require(SeenCheckpoint seen, RecordLog log) {
        Checkpoint present = log.checkpoint();
        boolean prefix = seen.origin().equals(present.origin())
                && seen.size() >= 0
                && seen.size() <= present.size()
                && log.root(seen.size()).equals(seen.root());
        if (!prefix) {
            throw new Refusal(
                    "checkpoint-not-in-log",
                    "the statement saw " + seen.origin() + " with " + seen.size() + " entries and root " + seen.root()
                            + "; this log has " + present.size() + " and another root there",
                    "compare both logs before anything else: one of them was rewritten");
        }
    }
}
