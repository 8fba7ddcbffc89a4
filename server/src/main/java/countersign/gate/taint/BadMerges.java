package countersign.gate.taint;

import countersign.manifest.BadRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * All merges that recoveries up to a point of the log name bad (PROTOCOL §7). A recovery that a later one names bad names
 * nothing itself. Immutable.
 */
public final class BadMerges {
    private static final BadMerges NONE = new BadMerges(List.of());

    /** Newest recovery first. */
    private final List<Named> all;

    private final List<Named> standing;

    /**
     * What one recovery names.
     *
     * @param recovery its number in the chain of merges
     * @param range the bad merges before it
     */
    public record Named(long recovery, BadRange range) {}

    private BadMerges(List<Named> all) {
        this.all = all;
        this.standing = new ArrayList<>();
        for (Named named : all) {
            if (find(named.recovery).isEmpty()) {
                standing.add(named);
            }
        }
    }

    public static BadMerges none() {
        return NONE;
    }

    /** The same and one recovery more; what is known already changes nothing. */
    public BadMerges with(long recovery, BadRange range) {
        Named named = new Named(recovery, range);
        if (all.contains(named)) {
            return this;
        }
        List<Named> more = new ArrayList<>(all);
        more.add(named);
        more.sort(Comparator.comparingLong(Named::recovery).reversed());
        return new BadMerges(Collections.unmodifiableList(more));
    }

    public boolean any() {
        return !all.isEmpty();
    }

    /** The number of the newest recovery that names a merge bad. */
    public OptionalLong find(long merge) {
        return standing.stream()
                .filter(named -> named.range.contains(merge))
                .mapToLong(Named::recovery)
                .findFirst();
    }

    /** The number of the first bad merge; empty if there is none. */
    public OptionalLong first() {
        return standing.stream().mapToLong(named -> named.range.from()).min();
    }
}
