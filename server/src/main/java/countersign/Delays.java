package countersign;

import countersign.access.TrustReader;
import countersign.apply.Freezes;
import countersign.apply.record.MergedChange;
import countersign.change.Changes;
import countersign.codec.Finding;
import countersign.gate.stop.LoggedStop;
import countersign.repository.Repository;
import java.time.Instant;
import java.util.Optional;

/** Why nothing of a merge is begun yet: an order to stop, a target that main holds, or a freeze. Thread-safe. */
final class Delays implements Freezes {
    private final Changes changes;
    private final Repository repository;
    private final TrustReader trusts;

    Delays(Changes changes, Repository repository, TrustReader trusts) {
        this.changes = changes;
        this.repository = repository;
        this.trusts = trusts;
    }

    @Override
    public Optional<String> find(MergedChange merge, Instant time) {
        return changes.stop()
                .standing()
                .map(LoggedStop::message)
                .or(() -> held(merge))
                .or(() -> changes.frozen().of(merge.change(), time).stream()
                        .findFirst()
                        .map(Finding::message));
    }

    /** By the units of the log, so that no projection decides whether a copy writes where its original does. */
    private Optional<String> held(MergedChange merge) {
        return trusts.read(repository.snapshot(changes.main()))
                .settings()
                .held()
                .find(merge.targets())
                .map(Finding::message);
    }
}
