package countersign;

import countersign.apply.Freezes;
import countersign.apply.record.MergedChange;
import countersign.change.Changes;
import countersign.codec.Finding;
import countersign.gate.stop.LoggedStop;
import java.time.Instant;
import java.util.Optional;

/** Why nothing of a merge is begun yet: an order to stop, a target that main holds, or a freeze. Thread-safe. */
final class Delays implements Freezes {
    private final Changes changes;

    Delays(Changes changes) {
        this.changes = changes;
    }

    @Override
    public Optional<String> find(MergedChange merge, Instant time) {
        return changes.stop()
                .standing()
                .map(LoggedStop::message)
                .or(() -> changes.frozen().of(merge.change(), merge.targets(), time).stream()
                        .findFirst()
                        .map(Finding::message));
    }
}
