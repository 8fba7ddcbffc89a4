package countersign.change;

import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.gate.circumstance.FailedReceipt;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people and targets say of changes in the record log, found by the indexes that the store keeps. Remembers the
 * statements read last. Thread-safe.
 */
final class Testimony {
    private static final int PARSED = 1024;

    private final RecordLog log;
    private final ChangeStore store;

    /** By log index; what stands in the log never changes. */
    private final Map<Long, Vote> parsed = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Vote> eldest) {
            return size() > PARSED;
        }
    };

    Testimony(RecordLog log, ChangeStore store) {
        this.log = log;
        this.store = store;
    }

    /** Keeps a statement that was read already. */
    void remember(Vote vote) {
        synchronized (parsed) {
            parsed.put(vote.index(), vote);
        }
    }

    /** The statements about a change, in the order of the log. */
    List<Vote> votes(ChangeId change) {
        return store.votes(change).stream()
                .map(this::vote)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The receipts by which targets say that a change failed there, the last of each unit. */
    List<FailedReceipt> failures(ChangeId change) {
        return store.find(change).stream()
                .flatMap(known -> known.units().stream())
                .filter(Change.UnitOutcome::failed)
                .flatMap(unit -> failure(unit.receipt()).stream())
                .sorted(Comparator.comparing(FailedReceipt::index))
                .toList();
    }

    /** The receipts by which targets say that changes made from a template failed there. */
    List<FailedReceipt> failures(String template) {
        return store.failed(template).stream()
                .flatMap(change -> failures(change.id()).stream())
                .sorted(Comparator.comparing(FailedReceipt::index))
                .toList();
    }

    /** The receipts by which targets say that changes failed at a system. */
    List<FailedReceipt> failuresAt(String system) {
        return store.failedAt(system).stream()
                .flatMap(change -> failures(change.id()).stream())
                .filter(failure -> failure.unit().system().equals(system))
                .sorted(Comparator.comparing(FailedReceipt::index))
                .toList();
    }

    private Optional<FailedReceipt> failure(long index) {
        return LogEntry.parse(log.entry(index)) instanceof LogEntry.Receipt receipt
                ? FailedReceipt.of(receipt, index)
                : Optional.empty();
    }

    /** The statement at a log index; empty if another entry stands there. */
    private Optional<Vote> vote(long index) {
        synchronized (parsed) {
            Vote known = parsed.get(index);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<Vote> vote = LogEntry.parse(log.entry(index)) instanceof LogEntry.Statement statement
                ? Optional.of(Vote.of(statement, index))
                : Optional.empty();
        vote.ifPresent(this::remember);
        return vote;
    }
}
