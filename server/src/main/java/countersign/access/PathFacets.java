package countersign.access;

import countersign.document.PathRules;
import java.util.Set;

/**
 * What rules and grants look at when they match a path: both sides of a change together, so that nobody escapes a rule
 * by changing what it matches on.
 *
 * @param path path in the repository
 * @param kinds labels of the kinds that stand there before and after; empty for plain content and payload
 * @param environments environments it belongs to, before and after
 * @param classifications classifications, before and after
 * @param criticalities how critical the systems are that it belongs to, before and after
 */
public record PathFacets(
        String path,
        Set<String> kinds,
        Set<String> environments,
        Set<String> classifications,
        Set<String> criticalities) {
    public PathFacets {
        kinds = Set.copyOf(kinds);
        environments = Set.copyOf(environments);
        classifications = Set.copyOf(classifications);
        criticalities = Set.copyOf(criticalities);
    }

    /** Of no system. */
    public PathFacets(String path, Set<String> kinds, Set<String> environments, Set<String> classifications) {
        this(path, kinds, environments, classifications, Set.of());
    }

    /** True for the folders whose documents decide who may do what. */
    public boolean trust() {
        return PathRules.isTrustPath(path);
    }
}
