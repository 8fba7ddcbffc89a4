package countersign.change.store;

import countersign.change.event.Happening;
import countersign.change.event.InMemoryEventStore;
import countersign.manifest.ChangeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A projection in memory. Thread-safe: every method holds its lock. */
public final class InMemoryChangeStore implements ChangeStore {
    private final TreeMap<Long, Change> changes = new TreeMap<>();
    private final Map<ChangeId, TreeSet<Long>> votes = new HashMap<>();
    private final TreeSet<Long> revocations = new TreeSet<>();
    private final TreeSet<Long> emergencies = new TreeSet<>();
    private final TreeSet<Long> recoveries = new TreeSet<>();
    private final InMemoryEventStore events;
    private long projected;
    private long stop = -1;

    public InMemoryChangeStore() {
        this(new InMemoryEventStore());
    }

    /** @param events takes what happens to changes */
    public InMemoryChangeStore(InMemoryEventStore events) {
        this.events = events;
    }

    @Override
    public synchronized Optional<Change> find(String name) {
        return changes.descendingMap().values().stream()
                .filter(change -> change.id().name().equals(name))
                .findFirst();
    }

    @Override
    public synchronized Optional<Change> find(long number) {
        return Optional.ofNullable(changes.get(number));
    }

    @Override
    public synchronized Optional<Change> find(ChangeId id) {
        return changes.descendingMap().values().stream()
                .filter(change -> change.id().equals(id))
                .findFirst();
    }

    @Override
    public synchronized List<Change> list(Query query) {
        Long below = query.below();
        Map<Long, Change> eligible = below == null ? changes : changes.headMap(below);
        return new TreeMap<>(eligible)
                .descendingMap().values().stream()
                        .filter(change -> query.state() == null || change.state() == query.state())
                        .limit(query.limit())
                        .toList();
    }

    @Override
    public synchronized List<Change> failed(String template) {
        return changes.descendingMap().values().stream()
                .filter(change -> template.equals(change.template()))
                .filter(change -> change.state() == ChangeState.FAILED || change.state() == ChangeState.ROLLED_BACK)
                .toList();
    }

    @Override
    public synchronized List<Change> failedAt(String system) {
        return changes.descendingMap().values().stream()
                .filter(change -> change.failedAt(system))
                .toList();
    }

    @Override
    public synchronized List<Change> waiting(Waiting query) {
        return changes.values().stream()
                .filter(query::holds)
                .sorted(query.order().comparator())
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized int late(Instant now) {
        return (int) changes.values().stream()
                .filter(change ->
                        change.state().undecided() && change.due().by().isBefore(now))
                .count();
    }

    @Override
    public synchronized void save(Change change, List<Happening> happenings) {
        changes.put(change.number(), change);
        events.append(happenings);
    }

    @Override
    public synchronized long highestNumber() {
        return changes.isEmpty() ? 0 : changes.lastKey();
    }

    @Override
    public synchronized long newestVote() {
        return votes.values().stream().mapToLong(TreeSet::last).max().orElse(-1);
    }

    @Override
    public synchronized List<Long> votes(ChangeId change) {
        return List.copyOf(votes.getOrDefault(change, new TreeSet<>()));
    }

    @Override
    public synchronized void addVote(ChangeId change, long index, List<Happening> happenings) {
        if (votes.computeIfAbsent(change, id -> new TreeSet<>()).add(index)) {
            events.append(happenings);
        }
    }

    @Override
    public synchronized List<Long> revocations() {
        return List.copyOf(revocations);
    }

    @Override
    public synchronized void addRevocation(long index, List<Happening> happenings) {
        if (revocations.add(index)) {
            events.append(happenings);
        }
    }

    @Override
    public synchronized Optional<Long> stop() {
        return stop < 0 ? Optional.empty() : Optional.of(stop);
    }

    @Override
    public synchronized void setStop(long index, List<Happening> happenings) {
        if (index > stop) {
            stop = index;
            events.append(happenings);
        }
    }

    @Override
    public synchronized List<Long> emergencies() {
        return List.copyOf(emergencies);
    }

    @Override
    public synchronized void addEmergency(long index) {
        emergencies.add(index);
    }

    @Override
    public synchronized List<Long> recoveries() {
        return List.copyOf(recoveries);
    }

    @Override
    public synchronized void addRecovery(long index) {
        recoveries.add(index);
    }

    @Override
    public synchronized long projected() {
        return projected;
    }

    @Override
    public synchronized void setProjected(long entries) {
        projected = Math.max(projected, entries);
    }

    @Override
    public synchronized void clear() {
        changes.clear();
        votes.clear();
        revocations.clear();
        emergencies.clear();
        recoveries.clear();
        projected = 0;
        stop = -1;
        events.clear();
    }
}
