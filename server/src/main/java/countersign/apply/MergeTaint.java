package countersign.apply;

import countersign.apply.record.ApplyLog;
import countersign.apply.record.MergedChange;
import countersign.codec.Sha256;
import countersign.manifest.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which merges compromised keys made, as the log says now. Thread-safe. */
public interface MergeTaint {
    /** Why a merge would not have merged without compromised keys; empty if it would. */
    List<String> of(MergedChange change);

    /** Whether any key is compromised at all. */
    boolean any();

    /** The merge that a state of a unit comes from, if none but tainted merges gave the unit that state. */
    default Optional<MergedChange> find(ApplyLog log, Unit unit, @Nullable Sha256 state) {
        if (!any() || state == null) {
            return Optional.empty();
        }
        List<MergedChange> givers = new ArrayList<>();
        log.replay(
                merge -> merge.find(unit)
                        .filter(affected -> state.equals(affected.state().after()))
                        .ifPresent(affected -> givers.add(merge)),
                receipt -> {});
        boolean allTainted = givers.stream().noneMatch(merge -> of(merge).isEmpty());
        return allTainted ? givers.stream().findFirst() : Optional.empty();
    }
}
