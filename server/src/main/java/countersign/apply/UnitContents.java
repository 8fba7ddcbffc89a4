package countersign.apply;

import countersign.apply.record.MergedChange;
import countersign.manifest.Unit;
import countersign.target.ReleaseFile;
import java.util.List;
import java.util.Optional;

/** What a merge wants of its units, read from the merged tree. Thread-safe. */
public interface UnitContents {
    /** How a unit is applied; if the merge takes it away, how it was until then. */
    UnitPlan plan(MergedChange change, Unit unit);

    /** The files that are to stand; empty if the merge takes the unit away. */
    Optional<List<ReleaseFile>> files(MergedChange change, Unit unit);
}
