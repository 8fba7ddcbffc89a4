package countersign.access;

import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * That a person holds a role, for some paths, for some time (B2, B3).
 *
 * @param path path of its document, named as evidence
 * @param person name of the person
 * @param role name of the role
 * @param paths patterns; empty for all paths
 * @param kinds labels of kinds; empty for all
 * @param environments names; empty for all
 * @param notBefore first moment it holds
 * @param notAfter first moment it no longer holds
 */
public record RoleGrant(
        String path,
        String person,
        String role,
        List<Glob> paths,
        Set<String> kinds,
        Set<String> environments,
        Instant notBefore,
        Instant notAfter) {
    static RoleGrant of(Document document) {
        Fields spec = document.spec();
        Fields scope = spec.has("scope") ? spec.object("scope") : Fields.of(document.path(), java.util.Map.of());
        return new RoleGrant(
                document.path(),
                spec.text("person"),
                spec.text("role"),
                scope.textList("paths").stream().map(Glob::new).toList(),
                Set.copyOf(scope.textList("kinds")),
                Set.copyOf(scope.textList("environments")),
                spec.instant("notBefore"),
                spec.instant("notAfter"));
    }

    public boolean holdsAt(Instant time) {
        return !time.isBefore(notBefore) && time.isBefore(notAfter);
    }

    /** True if a path with these facets is inside the scope: every facet it has must be granted, and what has none is in no scope. */
    public boolean covers(PathFacets facets) {
        return Glob.anyOrEmpty(paths, facets.path())
                && grantsAll(kinds, facets.kinds())
                && grantsAll(environments, facets.environments());
    }

    private static boolean grantsAll(Set<String> granted, Set<String> actual) {
        return granted.isEmpty() || (!actual.isEmpty() && granted.containsAll(actual));
    }
}
