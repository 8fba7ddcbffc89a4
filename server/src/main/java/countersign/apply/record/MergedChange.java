package countersign.apply.record;

import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A merge, as far as applying it goes.
 *
 * @param seq its place in the chain of merges
 * @param change the change
 * @param manifest digest of its manifest
 * @param before commit that main pointed to
 * @param after merge commit
 * @param units the affected units
 * @param time the merge's T
 * @param applyBy not to be started later than this; null for no limit
 */
public record MergedChange(
        long seq,
        ChangeId change,
        Sha256 manifest,
        String before,
        String after,
        List<Manifest.UnitChange> units,
        Instant time,
        @Nullable Instant applyBy) {
    public MergedChange {
        units = List.copyOf(units);
    }

    /** The merge of a log entry, whose manifest it is. */
    public static MergedChange of(LogEntry.Merge merge, Manifest manifest) {
        return new MergedChange(
                merge.seq(),
                manifest.change(),
                merge.manifest(),
                merge.before(),
                merge.after(),
                manifest.units(),
                merge.time(),
                manifest.applyBy());
    }

    /** Names of the targets that it affects. */
    public Set<String> targets() {
        return units.stream().map(affected -> affected.unit().target()).collect(Collectors.toSet());
    }

    public Optional<Manifest.UnitChange> find(Unit unit) {
        return units.stream().filter(affected -> affected.unit().equals(unit)).findFirst();
    }
}
