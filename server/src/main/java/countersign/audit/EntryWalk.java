package countersign.audit;

import countersign.audit.start.StartingPoint;
import countersign.codec.Refusal;
import countersign.log.LogEntry;
import countersign.log.copy.LogReader;
import java.util.function.Supplier;

/** Hands the entries of a log to the chain, and the checks that come of it to all processors. Not thread-safe. */
final class EntryWalk {
    private final MergeChain chain;
    private final Judgements judgements;
    private final StartingPoint start;
    private boolean reached;

    EntryWalk(MergeChain chain, Judgements judgements, StartingPoint start) {
        this.chain = chain;
        this.judgements = judgements;
        this.start = start;
        this.reached = !(start instanceof StartingPoint.Later);
    }

    /** Takes every entry in its order. Up to a later starting point, only what holds the chain together is judged. */
    void take(LogReader.Entry entry, Supplier<String> command) {
        if (entry.index() == 0) {
            chain.skip(entry);
            return;
        }
        AuditTally.Step reading = new AuditTally.Step("log entry " + entry.index(), chain.head(), command);
        try {
            LogEntry parsed = entry.parse();
            AuditTally.Step step = step(entry.index(), parsed, command);
            Judgements.Check check = taken(entry, parsed);
            if (reached) {
                judgements.add(step, check);
            }
            if (!reached
                    && parsed instanceof LogEntry.Merge merge
                    && merge.after().equals(start.commit())) {
                chain.judgedFrom(entry.index() + 1);
                reached = true;
            }
        } catch (Refusal malformed) {
            chain.skip(entry);
            judgements.add(reading, () -> {
                throw malformed;
            });
        }
    }

    /** Refuses if the starting point is no merge of the log. */
    boolean requireReached() {
        if (!reached) {
            throw new Refusal("start-not-in-log", "the log has no merge " + start.commit());
        }
        return true;
    }

    private Judgements.Check taken(LogReader.Entry entry, LogEntry parsed) {
        try {
            return chain.take(entry, parsed);
        } catch (Refusal misfit) {
            return () -> {
                throw misfit;
            };
        }
    }

    private AuditTally.Step step(long index, LogEntry parsed, Supplier<String> command) {
        if (parsed instanceof LogEntry.Merge merge) {
            return new AuditTally.Step(
                    "#" + merge.seq() + " " + CloneAudit.shortened(merge.after()) + " (log entry " + index + ")",
                    merge.after(),
                    () -> "git show --stat --first-parent " + merge.after() + " ; " + command.get());
        }
        return new AuditTally.Step("log entry " + index + " (" + parsed.type() + ")", chain.head(), command);
    }
}
