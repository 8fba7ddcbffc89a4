package countersign.history;

import java.util.Set;

/**
 * A merge with everything that it can be found by.
 *
 * @param merge the merge
 * @param facts its words among them
 */
public record IndexedMerge(PastMerge merge, Set<Fact> facts) {
    public IndexedMerge {
        facts = Set.copyOf(facts);
    }
}
