package countersign.apply;

import countersign.apply.record.MergedChange;
import countersign.manifest.Unit;
import countersign.target.ReleaseFile;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What a merge wants of its units, read from the merged tree. Thread-safe. */
public interface UnitContents {
    /** How a unit is applied; if the merge takes it away, how it was until then. */
    UnitPlan plan(MergedChange change, Unit unit);

    /**
     * Refuses to bring a unit forward with a package that the merge brings to it and that main says since is withdrawn or
     * expired, or that does not fit the version that its target reports.
     */
    default void requireInstallable(MergedChange change, Unit unit, LocalDate today) {}

    /** Refuses {@code capacity-short} if a unit's target has less room than the merge makes the unit need. */
    default void requireRoom(MergedChange change, Unit unit) {}

    /** The files that are to stand; empty if the merge takes the unit away. */
    Optional<List<ReleaseFile>> files(MergedChange change, Unit unit);
}
