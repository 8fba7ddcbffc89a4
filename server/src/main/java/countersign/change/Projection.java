package countersign.change;

import countersign.change.event.Happening;
import countersign.change.key.KeyRing;
import countersign.change.record.OpenRecords;
import countersign.change.record.Requests;
import countersign.change.stop.StopSwitch;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.change.store.Happenings;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.gate.RollbackRules;
import countersign.gate.Scene;
import countersign.gate.circumstance.Chain;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.stop.LoggedStop;
import countersign.gate.taint.BadMerges;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.BadRange;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.manifest.Unit;
import countersign.merge.Merged;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the change store in step with Git and the record log. Applying an entry twice changes nothing. Thread-safe: one
 * lock for all writes to the store.
 */
final class Projection {
    private final Repository repository;
    private final RecordLog log;
    private final ChangeStore store;
    private final OpenRecords records;
    private final Requests requests;
    private final KeyRing ring;
    private final StopSwitch stops;
    private final EmergencyReviews emergencies;
    private final Happenings happenings;
    private final Testimony testimony;

    /** Whether everything is projected anew, of which nobody is told again. */
    private boolean quiet;

    private final TreeSet<Long> ahead = new TreeSet<>();
    private final AtomicLong decidedLate = new AtomicLong();
    private volatile BadMerges badMerges = BadMerges.none();

    Projection(
            Repository repository,
            RecordLog log,
            ChangeStore store,
            OpenRecords records,
            Requests requests,
            KeyRing ring,
            StopSwitch stops,
            EmergencyReviews emergencies,
            Happenings happenings) {
        this.repository = repository;
        this.log = log;
        this.store = store;
        this.records = records;
        this.requests = requests;
        this.ring = ring;
        this.stops = stops;
        this.emergencies = emergencies;
        this.happenings = happenings;
        this.testimony = new Testimony(log, store);
    }

    /**
     * Brings the store up to date; from nothing if it is empty.
     *
     * @return whether it was behind, so that the states of open changes have to be found again before the last entry is
     *     {@link #settled}
     */
    synchronized boolean catchUp() {
        // Votes are kept before their entry counts as projected: a log that was put back may end between the two.
        if (store.projected() > log.size() || store.newestVote() >= log.size()) {
            store.clear();
        }
        quiet = store.projected() == 0;
        if (store.projected() < log.size()) {
            // A crash may have taken the rows of changes that were opened and closed since the store was last written.
            records.archivedUntil(this::isClosed).forEach(this::restore);
        }
        store.revocations().forEach(index -> note(index, LogEntry.parse(log.entry(index))));
        store.stop().ifPresent(index -> note(index, LogEntry.parse(log.entry(index))));
        store.emergencies().forEach(this::owe);
        store.recoveries().forEach(this::nameBad);
        boolean behind = store.projected() < log.size();
        for (OpenRecords.Entry entry : records.open()) {
            behind |= restore(entry);
        }
        long end = log.size();
        for (long index = store.projected(); index < end; index++) {
            apply(index, LogEntry.parse(log.entry(index)));
            if (index + 1 < end) {
                settled(List.of(index));
            }
        }
        quiet = false;
        return behind;
    }

    /** Records a push. */
    synchronized void pushed(Change change) {
        save(change);
    }

    /** The change if it is open. */
    Optional<Change> findOpen(ChangeId id) {
        return store.find(id).filter(change -> change.state().open());
    }

    /** Records the state of an open change, unless it was closed or pushed to meanwhile. */
    synchronized void reviewed(Change judged, ChangeState state) {
        findOpen(judged.id())
                .filter(change -> change.state() != state && change.revisions().equals(judged.revisions()))
                .ifPresent(change -> save(decided(change.withState(state))));
    }

    /** A change that was approved or rejected, when the vote came that did; one that goes on waiting is undecided. */
    private Change decided(Change change) {
        if (change.state().undecided()) {
            return change.withDecision(null);
        }
        if (change.due().decidedAt() != null) {
            return change;
        }
        List<Vote> votes = testimony.votes(change.id());
        Instant at = votes.isEmpty()
                ? change.tip().at()
                : votes.get(votes.size() - 1).loggedAt();
        Change decided = change.withDecision(at);
        if (decided.lateAt(at)) {
            decidedLate.incrementAndGet();
        }
        return decided;
    }

    /** What the log says of changes that the store knows. */
    Testimony testimony() {
        return testimony;
    }

    /** How many decisions were taken in behind their deadline since this was made. */
    long decidedLate() {
        return decidedLate.get();
    }

    /** Records an entry that was just appended. */
    synchronized void apply(long index, LogEntry entry) {
        if (entry instanceof LogEntry.Statement statement) {
            count(Vote.of(statement, index));
        } else if (entry instanceof LogEntry.Merge merge) {
            merge(index, merge, manifestOf(merge));
        } else if (entry instanceof LogEntry.Receipt receipt) {
            applyReceipt(index, receipt);
        } else if (entry instanceof LogEntry.Revocation revocation) {
            store.addRevocation(index, told(happenings.revoked(LoggedRevocation.of(revocation, index))));
            note(index, entry);
        } else if (entry instanceof LogEntry.Stop stop) {
            store.setStop(index, told(happenings.ordered(LoggedStop.of(stop, index))));
            note(index, entry);
        }
    }

    /** Records a statement that was just appended. */
    synchronized void voted(Vote vote) {
        count(vote);
    }

    /** Records a merge that was just appended. */
    synchronized void merged(long index, LogEntry.Merge entry, Manifest manifest) {
        merge(index, entry, manifest);
    }

    /**
     * Notes that the states of changes are what they are after these entries, too: what a crash leaves unsettled is applied
     * and reviewed again. Entries may come out of order; those that come early wait in {@code ahead}.
     */
    synchronized void settled(Collection<Long> indexes) {
        ahead.addAll(indexes);
        long before = store.projected();
        long next = before;
        while (ahead.remove(next)) {
            next++;
        }
        ahead.headSet(next).clear();
        if (next > before) {
            store.setProjected(next);
        }
    }

    /** Whether the store has a change as it is recorded. */
    synchronized boolean knows(OpenRecords.Entry entry) {
        return store.find(entry.number())
                .filter(known -> known.revisions().size() >= entry.revisions().size())
                .filter(known -> !entry.withdrawn()
                        || !known.state().open()
                        || known.revisions().size() > entry.revisions().size())
                .isPresent();
    }

    /** Whether the store has a change as it is recorded, and that it was closed: all that was written before is there. */
    private boolean isClosed(OpenRecords.Entry entry) {
        return knows(entry)
                && store.find(entry.number())
                        .filter(change -> !change.state().open())
                        .isPresent();
    }

    /** Brings the store in line with a record; whether it was not. */
    synchronized boolean restore(OpenRecords.Entry entry) {
        boolean stale = !knows(entry);
        if (stale) {
            ChangeState state = entry.withdrawn() ? ChangeState.WITHDRAWN : ChangeState.REVIEW;
            save(requests.change(entry, state));
        }
        return stale;
    }

    /** Tells what happened to a change beside what alters it. */
    synchronized void happened(ChangeId id, List<Happening> happenings) {
        store.find(id).ifPresent(change -> store.save(change, happenings));
    }

    private void save(Change change) {
        List<Happening> happened =
                quiet ? List.of() : happenings.between(store.find(change.id()).orElse(null), change);
        store.save(change, happened);
    }

    private void count(Vote vote) {
        ChangeId id = vote.statement().effect().change();
        testimony.remember(vote);
        store.addVote(id, vote.index(), told(happenings.voted(vote)));
        emergencies.voted(vote);
        if (vote.statement().decision() == Decision.CONFIRM) {
            store.find(id)
                    .filter(change -> change.state() == ChangeState.SOAKING)
                    .ifPresent(change -> save(change.withState(ChangeState.CONFIRMED)));
        }
    }

    private List<Happening> told(Happening happening) {
        return quiet ? List.of() : List.of(happening);
    }

    private void note(long index, LogEntry entry) {
        if (entry instanceof LogEntry.Revocation revocation) {
            ring.note(LoggedRevocation.of(revocation, index));
        } else if (entry instanceof LogEntry.Stop stop) {
            stops.note(LoggedStop.of(stop, index));
        }
    }

    private void merge(long index, LogEntry.Merge entry, Manifest manifest) {
        Merged merged = new Merged(entry.after(), entry.before(), index, entry.time(), entry.manifest());
        store.find(manifest.change())
                .filter(change -> change.merged() == null)
                .ifPresent(change -> save(decided(change.withMerge(merged).scheduled(manifest))));
        if (store.find(manifest.change()).filter(Change::emergency).isPresent()) {
            store.addEmergency(index);
            owe(index);
        }
        if (manifest.recovery() != null) {
            store.addRecovery(index);
            nameBad(index);
        }
        ChangeId of = manifest.of();
        if (manifest.operation() == Operation.ROLLBACK && of != null) {
            takenBack(of);
        }
    }

    private void takenBack(ChangeId of) {
        store.find(of)
                .filter(change -> change.state().next().contains(ChangeState.ROLLED_BACK))
                .ifPresent(change -> save(change.withState(ChangeState.ROLLED_BACK)));
    }

    /** What a recovery at a log index names bad is taken back, and owes nothing any more. */
    private void nameBad(long index) {
        if (LogEntry.parse(log.entry(index)) instanceof LogEntry.Merge merge) {
            BadRange range = Objects.requireNonNull(manifestOf(merge).recovery());
            badMerges = badMerges.with(merge.seq(), range);
            String after = new Chain(repository, merge.before(), merge.seq() - 1).commit(range.to());
            for (long seq = range.to(); seq >= range.from(); seq--) {
                String before = repository.getCommit(after).parents().get(0);
                changes(before, after).forEach(this::takenBack);
                changes(before, after).forEach(emergencies::takenBack);
                after = before;
            }
        }
    }

    /** All merges that recoveries name bad. */
    BadMerges badMerges() {
        return badMerges;
    }

    /** What an emergency merge owes, whatever of it was signed meanwhile. */
    private void owe(long index) {
        if (LogEntry.parse(log.entry(index)) instanceof LogEntry.Merge merge) {
            Manifest manifest = manifestOf(merge);
            Snapshot after = repository.snapshot(merge.after());
            emergencies.merged(new Scene(
                    manifest,
                    requests.request(after, manifest.change()).orElseThrow(),
                    repository.snapshot(merge.before()),
                    after,
                    testimony.votes(manifest.change()),
                    Set.of(),
                    merge.time()));
        }
    }

    private void applyReceipt(long index, LogEntry.Receipt entry) {
        Fields receipt =
                Fields.of("receipt", Json.readObject("receipt", entry.receipt().getBytes(StandardCharsets.UTF_8)));
        Fields unit = receipt.object("unit");
        Change.UnitOutcome outcome = new Change.UnitOutcome(
                new Unit(unit.text("target"), unit.text("system")),
                receipt.text("outcome"),
                index,
                receipt.textOrNull("reason"));
        store.find(ChangeId.parse(receipt.text("change")))
                .filter(change -> change.merged() != null)
                .map(change -> change.withOutcome(outcome))
                .ifPresent(change -> save(afterReceipt(change)));
    }

    private static Change afterReceipt(Change change) {
        ChangeState state = change.units().stream().anyMatch(Change.UnitOutcome::failed)
                ? ChangeState.FAILED
                : change.units().stream().anyMatch(unit -> unit.outcome().equals(Change.PENDING))
                        ? ChangeState.APPLYING
                        : ChangeState.SOAKING;
        boolean moves = change.state().next().contains(state);
        return moves ? change.withState(state) : change;
    }

    /** The manifest of a merge, found by the one request that it adds. */
    Manifest manifestOf(LogEntry.Merge entry) {
        List<ChangeId> changes = changes(entry.before(), entry.after());
        return RollbackRules.merged(repository.snapshot(entry.after()), changes.get(0))
                .orElseThrow();
    }

    private List<ChangeId> changes(String before, String after) {
        return Differences.between(repository.snapshot(before), repository.snapshot(after), Manifest.MAX_FILES + 1024)
                .stream()
                .map(Difference::path)
                .flatMap(path -> ChangeId.ofDocument(path).stream())
                .toList();
    }
}
