package countersign.apply;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.apply.record.Receipt;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What is due at the targets, derived from the merges and receipts of the log: the same log gives the same answers,
 * remembered or read again. Thread-safe: every method holds the one lock.
 */
public final class Applications {
    private static final int REMEMBERED = 1_000;

    /** How many states of a unit are known: as many of its last merges wanted, and what stands by the last receipt. */
    static final int STATES = 32;

    private final LinkedHashMap<ChangeId, Progress> byChange = new LinkedHashMap<>();
    private final TreeMap<Long, Progress> unsettled = new TreeMap<>();
    private final Map<Unit, Standing> standings = new HashMap<>();
    private final Map<Long, Long> indexes = new HashMap<>();
    private ApplyMemory recalled = ApplyMemory.NONE;
    private long noted;

    /** The highest number of a merge of which nothing is remembered any more. */
    private long forgotten;

    /** What is known of one unit: states it may be found in, newest last, and what the last receipt says stands there. */
    private static final class Standing {
        private final Set<Optional<Sha256>> known = new LinkedHashSet<>();
        private Optional<Sha256> recorded = Optional.empty();
        private boolean applied;
        private long newest;

        /** The merge that stands by the last receipt, and the one that stood before it; empty while none is known. */
        private String merge = "";

        private String earlier = "";

        Standing() {}

        Standing(ApplyMemory.Known remembered) {
            known.addAll(remembered.states());
            recorded = remembered.recorded();
            applied = remembered.applied();
            newest = remembered.newest();
            merge = remembered.merge();
            earlier = remembered.earlier();
        }

        ApplyMemory.Known toKnown() {
            return new ApplyMemory.Known(known, recorded, applied, newest, merge, earlier);
        }

        /** The one that was known longest gives way, unless it is what stands. */
        void know(Optional<Sha256> state) {
            known.remove(state);
            known.add(state);
            if (known.size() > STATES) {
                known.stream()
                        .filter(oldest -> !oldest.equals(recorded))
                        .findFirst()
                        .ifPresent(known::remove);
            }
        }

        void note(Receipt receipt) {
            boolean good =
                    receipt.outcome() == Receipt.Outcome.APPLIED || receipt.outcome() == Receipt.Outcome.UNCHANGED;
            recorded = Optional.ofNullable(receipt.after());
            applied |= good;
            String about = receipt.about().merge();
            if (good && !about.equals(merge)) {
                earlier = merge;
                merge = about;
            }
            if (receipt.outcome() == Receipt.Outcome.ROLLED_BACK) {
                know(recorded);
                merge = about.equals(merge) ? earlier : merge;
            }
        }
    }

    /** What is due, from what was remembered of the first entries of a log; {@link #replay} reads only the rest. */
    public static Applications recall(ApplyMemory memory) {
        Applications applications = new Applications();
        applications.recalled = new ApplyMemory(memory.entries(), memory.unsettled(), Map.of());
        memory.units().forEach((unit, known) -> applications.standings.put(unit, new Standing(known)));
        return applications;
    }

    /** Takes note of everything in a log that is not remembered. What is known already changes nothing. */
    public synchronized void replay(ApplyLog log) {
        log.replay(
                recalled.entries(),
                recalled.unsettled(),
                (index, merge) -> {
                    indexes.put(merge.seq(), index);
                    note(merge);
                },
                receipt -> {
                    note(receipt);
                    noted++;
                    if (noted % REMEMBERED == 0) {
                        sweep();
                    }
                });
        sweep();
        indexes.keySet().retainAll(unsettled.keySet());
    }

    /**
     * What to remember. To be asked for after a replay and before anything else is noted.
     *
     * @param entries how many entries of the log the replay has seen
     */
    public synchronized ApplyMemory memory(long entries) {
        Map<Unit, ApplyMemory.Known> units = new HashMap<>();
        standings.forEach((unit, standing) -> units.put(unit, standing.toKnown()));
        Set<Long> due = new HashSet<>();
        unsettled.keySet().forEach(seq -> due.add(Objects.requireNonNull(indexes.get(seq))));
        return new ApplyMemory(entries, due, units);
    }

    /** Takes note of a merge. A merge that is known already changes nothing. */
    public synchronized void merged(MergedChange change) {
        note(change);
        sweep();
    }

    /** Takes note of a receipt; one of another manifest than the merged one is ignored. */
    public synchronized void received(Receipt receipt) {
        note(receipt);
        sweep();
    }

    private void note(MergedChange change) {
        if (change.seq() <= forgotten || byChange.containsKey(change.change())) {
            return;
        }
        Progress progress = new Progress(change);
        byChange.put(change.change(), progress);
        for (Manifest.UnitChange affected : change.units()) {
            Standing standing = standing(affected.unit());
            if (change.seq() > standing.newest) {
                standing.know(Optional.ofNullable(affected.state().before()));
                standing.know(Optional.ofNullable(affected.state().after()));
                standing.newest = change.seq();
            }
        }
        unsettled.put(change.seq(), progress);
    }

    private void note(Receipt receipt) {
        Progress progress = byChange.get(receipt.about().change());
        if (progress == null
                || !progress.change().manifest().equals(receipt.about().manifest())) {
            return;
        }
        progress.add(receipt);
        if (receipt.outcome() != Receipt.Outcome.HELD && receipt.outcome() != Receipt.Outcome.SUPERSEDED) {
            standing(receipt.about().unit()).note(receipt);
        }
    }

    /** The oldest merge for which something is due. */
    public synchronized Optional<MergedChange> next() {
        return unsettled.values().stream().map(Progress::change).findFirst();
    }

    /** Every merge for which something is due, oldest first. */
    public synchronized List<MergedChange> unsettled() {
        return unsettled.values().stream().map(Progress::change).toList();
    }

    /** Merges for which something is due. */
    public synchronized int due() {
        return unsettled.size();
    }

    /** Where a change stands; empty if it was never merged, and but for the newest thousand and what is due. */
    public synchronized Optional<ApplyState> find(ChangeId change) {
        return Optional.ofNullable(byChange.get(change)).map(Progress::state);
    }

    /** How many merges it knows the progress of. */
    synchronized int remembered() {
        return byChange.size();
    }

    /** Where each unit of a change stands, with its receipts; empty but for the newest thousand and what is due. */
    public synchronized List<Progress.UnitProgress> units(ChangeId change) {
        Progress progress = byChange.get(change);
        return progress == null ? List.of() : progress.units();
    }

    /**
     * Waits until nothing is due for a change.
     *
     * @return its state then, or the state it has when the time is over; empty if it was never merged
     */
    public synchronized Optional<ApplyState> await(ChangeId change, Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        Optional<ApplyState> state = find(change);
        for (long left = time.toNanos();
                left > 0 && !state.map(ApplyState::settled).orElse(false); ) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
            state = find(change);
        }
        return state;
    }

    /**
     * Whether a digest may be found at a unit: one of its last merges wanted it, or it is nothing and nothing was ever done.
     */
    synchronized boolean known(Unit unit, Optional<Sha256> digest) {
        Standing standing = standing(unit);
        return standing.known.contains(digest) || (digest.isEmpty() && !standing.applied);
    }

    /** Whether this digest is what the last receipt of a unit says stands there; nothing stands without a receipt. */
    synchronized boolean recorded(Unit unit, Optional<Sha256> digest) {
        return standing(unit).recorded.equals(digest);
    }

    /** What the last receipt of a unit says stands there; empty if nothing does, or nothing was ever done there. */
    public synchronized Optional<Sha256> lastRecorded(Unit unit) {
        return standing(unit).recorded;
    }

    /** The commit of the merge that stands at a unit by its last receipt; empty if none says so. */
    public synchronized Optional<String> standingMerge(Unit unit) {
        return Optional.of(standing(unit).merge).filter(merge -> !merge.isEmpty());
    }

    /** Units that have to be brought forward, in no particular order. */
    synchronized List<Unit> forward(MergedChange change) {
        return in(change, ApplyState.PENDING);
    }

    /** Units that have to be brought back, last one first. */
    synchronized List<Unit> back(MergedChange change) {
        return progress(change).back();
    }

    /** Whether a unit of the change failed, so that none of it is to stand. */
    synchronized boolean failed(MergedChange change) {
        return progress(change).failed();
    }

    /** Whether a later merge than the one numbered {@code seq} has the unit too. */
    synchronized boolean superseded(Unit unit, long seq) {
        return standing(unit).newest > seq;
    }

    private List<Unit> in(MergedChange change, ApplyState state) {
        List<Unit> units = new ArrayList<>();
        for (Progress.UnitProgress unit : progress(change).units()) {
            if (unit.state() == state) {
                units.add(unit.unit());
            }
        }
        return units;
    }

    private void sweep() {
        unsettled.values().removeIf(progress -> progress.state().settled());
        Iterator<Progress> oldest = byChange.values().iterator();
        while (byChange.size() - unsettled.size() > REMEMBERED && oldest.hasNext()) {
            Progress progress = oldest.next();
            if (!unsettled.containsKey(progress.change().seq())) {
                forgotten = Math.max(forgotten, progress.change().seq());
                oldest.remove();
            }
        }
        notifyAll();
    }

    private Progress progress(MergedChange change) {
        Progress progress = byChange.get(change.change());
        if (progress == null) {
            throw new IllegalArgumentException("never merged: " + change.change());
        }
        return progress;
    }

    private Standing standing(Unit unit) {
        return standings.computeIfAbsent(unit, first -> new Standing());
    }
}
