package countersign.gate;

import countersign.access.PathFacets;
import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Glob;
import countersign.document.Kind;
import countersign.manifest.Operation;
import countersign.manifest.assessment.Risk;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who must sign what (B7). All rules that match a change add up.
 *
 * @param name name of its document
 * @param path path of its document
 * @param match what it matches
 * @param needs how many people of which role; all must be met
 * @param signedSubmit true if a contributor must have signed the submission
 * @param overrideRoles roles that may set this rule aside by a signed statement; empty for none
 * @param emergency what an emergency change needs instead before its merge; null if it needs the same
 */
public record ApprovalRule(
        String name,
        String path,
        Match match,
        List<Need> needs,
        boolean signedSubmit,
        List<String> overrideRoles,
        @Nullable Emergency emergency) {
    /**
     * A number of distinct people with a role.
     *
     * @param role name of the role
     * @param count at least 1
     */
    public record Need(String role, int count) {}

    /**
     * The emergency road of a rule (PROTOCOL §8).
     *
     * @param roles any of these roles may sign
     * @param min how many people must
     * @param retrospectiveWithin how soon after the merge everything else that the rule needs must be signed
     */
    public record Emergency(List<String> roles, int min, Duration retrospectiveWithin) {}

    /**
     * What a rule matches: in each list any entry suffices, an empty list matches all.
     *
     * @param paths patterns
     * @param kinds labels of kinds
     * @param environments names
     * @param classifications names
     * @param operations words of {@link Operation#label}
     * @param types declared types of changes
     * @param risks levels of risk
     */
    public record Match(
            List<Glob> paths,
            Set<String> kinds,
            Set<String> environments,
            Set<String> classifications,
            Set<String> operations,
            Set<String> types,
            Set<String> risks) {
        /** @param risk asked only if the rule is about some levels of risk */
        boolean matchesChange(Operation operation, String type, Supplier<Risk> risk) {
            return (operations.isEmpty() || operations.contains(operation.label()))
                    && (types.isEmpty() || types.contains(type))
                    && (risks.isEmpty() || risks.contains(risk.get().level().label()));
        }

        /** True if the rule is about a path with these facets. */
        public boolean matchesPath(PathFacets facets) {
            return Glob.anyOrEmpty(paths, facets.path())
                    && meets(kinds, facets.kinds())
                    && meets(environments, facets.environments())
                    && meets(classifications, facets.classifications());
        }

        private static boolean meets(Set<String> wanted, Set<String> actual) {
            return wanted.isEmpty() || !Collections.disjoint(wanted, actual);
        }
    }

    /** The rules of a tree, in the order of their file names. */
    public static List<ApprovalRule> of(Snapshot snapshot, DocumentReader documents) {
        return documents.list(snapshot, Kind.APPROVAL_RULE.folder()).stream()
                .filter(document -> document.kind() == Kind.APPROVAL_RULE)
                .map(ApprovalRule::of)
                .toList();
    }

    private static ApprovalRule of(Document document) {
        Fields spec = document.spec();
        Fields match = spec.has("match") ? spec.object("match") : Fields.of(document.path(), java.util.Map.of());
        Fields override = spec.objectOrNull("override");
        return new ApprovalRule(
                document.name(),
                document.path(),
                new Match(
                        match.textList("paths").stream().map(Glob::new).toList(),
                        Set.copyOf(match.textList("kinds")),
                        Set.copyOf(match.textList("environments")),
                        Set.copyOf(match.textList("classifications")),
                        Set.copyOf(match.textList("operations")),
                        Set.copyOf(match.textList("types")),
                        Set.copyOf(match.textList("risks"))),
                spec.objectList("require").stream()
                        .map(need -> new Need(need.text("role"), Math.toIntExact(need.integer("count"))))
                        .toList(),
                spec.flag("signedSubmit"),
                override == null ? List.of() : override.textList("roles"),
                emergency(spec.objectOrNull("emergency")));
    }

    private static @Nullable Emergency emergency(@Nullable Fields fields) {
        return fields == null
                ? null
                : new Emergency(
                        fields.textList("roles"), fields.smallInteger("min"), fields.duration("retrospectiveWithin"));
    }
}
