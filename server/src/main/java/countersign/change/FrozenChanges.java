package countersign.change;

import countersign.access.HeldTargets;
import countersign.access.TargetFolders;
import countersign.access.TrustReader;
import countersign.change.key.KeyRing;
import countersign.change.record.Requests;
import countersign.change.store.ChangeStore;
import countersign.codec.Finding;
import countersign.gate.Requirement;
import countersign.gate.Requirements;
import countersign.gate.RollbackRules;
import countersign.gate.Scene;
import countersign.gate.VoteRules;
import countersign.gate.calendar.Calendars;
import countersign.gate.circumstance.Circumstances;
import countersign.log.LogEntry;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.merge.Ledger;
import countersign.merge.Merged;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which merged changes the freezes of main, as it stands, hold back from their targets (PROTOCOL §8). Grants and overrides
 * are judged as at the merge; only the freezes, and how long an override lifts them, are those of now. Thread-safe.
 */
public final class FrozenChanges {
    private final Repository repository;
    private final Ledger ledger;
    private final ChangeStore store;
    private final Projection projection;
    private final Requests requests;
    private final KeyRing ring;
    private final Requirements requirements;
    private final Calendars calendars;
    private final TrustReader trusts;
    private final RecordLog log;
    private final DocumentReader documents;

    FrozenChanges(Parts parts, DocumentReader documents, TrustReader trusts, VoteRules votes) {
        this.repository = parts.repository();
        this.ledger = parts.ledger();
        this.store = parts.store();
        this.projection = parts.projection();
        this.requests = parts.requests();
        this.ring = parts.ring();
        this.requirements = new Requirements(documents, trusts, votes);
        this.calendars = new Calendars(documents);
        this.trusts = trusts;
        this.log = parts.log();
        this.documents = documents;
    }

    /** Where it finds what it needs. */
    record Parts(
            Repository repository,
            RecordLog log,
            Ledger ledger,
            ChangeStore store,
            Projection projection,
            Requests requests,
            KeyRing ring) {}

    /** Each freeze that forbids to begin with a merged change at a time, and held targets; none if it never merged. */
    public List<Finding> of(ChangeId change, Instant time) {
        return of(change, () -> targets(change), time);
    }

    /** The same for targets that the caller knows, as the log does, so that no projection decides what is held. */
    public List<Finding> of(ChangeId change, Set<String> targets, Instant time) {
        return of(change, () -> targets, time);
    }

    private List<Finding> of(ChangeId change, Supplier<Set<String>> targets, Instant time) {
        Snapshot present = repository.snapshot(ledger.main());
        HeldTargets held = trusts.read(present).settings().held();
        Optional<Finding> holding = held.names().isEmpty()
                ? Optional.empty()
                : held.find(targets.get(), genesisFolders(), TargetFolders.of(present, documents));
        if (holding.isPresent()) {
            return List.of(holding.get());
        }
        if (!anyFreeze(present, time)) {
            return List.of();
        }
        return store
                .find(change)
                .flatMap(found -> Optional.ofNullable(found.merged()))
                .map(merged -> requirements.freezesAt(scene(change, merged), present, time))
                .orElse(List.of())
                .stream()
                .filter(requirement -> !requirement.met())
                .map(Requirement::finding)
                .toList();
    }

    private TargetFolders genesisFolders() {
        return LogEntry.parse(log.entry(0)) instanceof LogEntry.Genesis genesis
                ? TargetFolders.of(repository.snapshot(genesis.commit()), documents)
                : new TargetFolders(Map.of());
    }

    private Set<String> targets(ChangeId change) {
        return store.find(change)
                .flatMap(found -> Optional.ofNullable(found.merged()))
                .flatMap(merged -> RollbackRules.merged(repository.snapshot(merged.commit()), change))
                .map(manifest -> manifest.units().stream())
                .orElseGet(Stream::empty)
                .map(unit -> unit.unit().target())
                .collect(Collectors.toSet());
    }

    private boolean anyFreeze(Snapshot present, Instant time) {
        return calendars.of(present).stream()
                .flatMap(calendar -> calendar.freezes().stream())
                .anyMatch(freeze -> freeze.timing().findAt(time).isPresent());
    }

    private Scene scene(ChangeId change, Merged merged) {
        Snapshot after = repository.snapshot(merged.commit());
        ChangeId of = requests.request(after, change).orElseThrow().of();
        return new Scene(
                RollbackRules.merged(after, change).orElseThrow(),
                requests.request(after, change).orElseThrow(),
                repository.snapshot(merged.before()),
                after,
                projection.testimony().votes(change).stream()
                        .filter(vote -> vote.index() < merged.index())
                        .toList(),
                ring.present().fingerprints(),
                merged.time(),
                new Circumstances(
                        of == null ? List.of() : projection.testimony().failures(of), null));
    }
}
