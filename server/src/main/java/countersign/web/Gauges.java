package countersign.web;

import countersign.apply.Applications;
import countersign.apply.ApplyQueue;
import countersign.change.Changes;
import countersign.log.RecordLog;

/** What a server tells those who watch it, beside how long requests take. */
public final class Gauges {
    private Gauges() {}

    public static Metrics of(Changes changes, RecordLog log, ApplyQueue queue, Applications applications) {
        return new Metrics()
                .gauge(
                        "countersign_read_only",
                        "1 if the server takes no changes, 0 if it does.",
                        () -> changes.readOnlyReason().isPresent() ? 1 : 0)
                .gauge(
                        "countersign_apply_stopped",
                        "1 if nothing is applied because the log takes no receipts, 0 otherwise.",
                        () -> queue.findProblem().isPresent() ? 1 : 0)
                .gauge("countersign_apply_due", "Merges that are not applied yet.", applications::due)
                .gauge("countersign_log_entries", "Entries of the record log.", log::size)
                .gauge(
                        "countersign_stopped",
                        "1 while all merges and applications are stopped, 0 otherwise.",
                        () -> changes.stop().standing().isPresent() ? 1 : 0)
                .gauge(
                        "countersign_changes_late",
                        "Changes that wait for a decision behind its deadline.",
                        () -> changes.outlook().late())
                .gauge(
                        "countersign_decisions_late",
                        "Decisions taken in behind their deadline since the start.",
                        () -> changes.outlook().decidedLate());
    }
}
