package countersign.gate.calendar;

import countersign.codec.Fields;
import countersign.document.Glob;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a calendar or one of its entries is about: each list that is present must match, an empty list matches all.
 *
 * @param environments names
 * @param systems patterns over names of SystemConfigs
 * @param targets patterns over names of Targets
 * @param paths patterns over paths
 */
record CalendarScope(Set<String> environments, List<Glob> systems, List<Glob> targets, List<Glob> paths) {
    static CalendarScope of(@Nullable Fields match) {
        return match == null
                ? new CalendarScope(Set.of(), List.of(), List.of(), List.of())
                : new CalendarScope(
                        Set.copyOf(match.textList("environments")),
                        globs(match, "systems"),
                        globs(match, "targets"),
                        globs(match, "paths"));
    }

    boolean matches(Touch touch) {
        return (environments.isEmpty() || !Collections.disjoint(environments, touch.environments()))
                && meets(systems, touch.systems())
                && meets(targets, touch.targets())
                && Glob.anyOrEmpty(paths, touch.path());
    }

    private static boolean meets(List<Glob> patterns, Collection<String> names) {
        return patterns.isEmpty() || names.stream().anyMatch(name -> Glob.anyOrEmpty(patterns, name));
    }

    private static List<Glob> globs(Fields match, String name) {
        return match.textList(name).stream().map(Glob::new).toList();
    }
}
