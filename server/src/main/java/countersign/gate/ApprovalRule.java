package countersign.gate;

import countersign.access.PathFacets;
import countersign.codec.Fields;
import countersign.document.Document;
import countersign.document.Glob;
import countersign.document.Kind;
import countersign.gate.vote.Decision;
import countersign.manifest.ChangeRequest;
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

    /** What the rule asks for before a change merges that touches these paths. */
    List<Requirement> beforeMerge(ChangeRequest request, List<PathFacets> paths, CountedVotes votes) {
        return emergency != null && Requirements.isEmergency(request)
                ? List.of(atOnce(emergency, paths, votes))
                : always(paths, votes);
    }

    /** What it asks for of any change that touches these paths, before its merge or, of an emergency, afterwards. */
    List<Requirement> always(List<PathFacets> paths, CountedVotes votes) {
        return needs.stream().map(need -> need(need, paths, votes)).toList();
    }

    /** That a contributor signed the submission. */
    Requirement submitted(Scene scene, CountedVotes votes) {
        List<Requirement.Evidence> evidence = votes.others(Decision.SUBMIT).stream()
                .filter(vote -> scene.manifest().contributors().contains(vote.person()))
                .flatMap(vote -> votes.evidence(vote, List.of()).stream())
                .toList();
        return requirement(null, 1, evidence, () -> "needs a submit statement signed by a contributor");
    }

    private Requirement atOnce(Emergency road, List<PathFacets> paths, CountedVotes votes) {
        List<Requirement.Evidence> evidence = votes.approvals().stream()
                .filter(vote -> road.roles().contains(vote.statement().role()))
                .flatMap(vote -> votes.evidence(vote, paths).stream())
                .toList();
        Supplier<String> missing = () -> "an emergency needs " + road.min() + " of " + String.join(", ", road.roles())
                + ", has " + evidence.size() + Requirement.Evidence.names(evidence) + votes.droppedText();
        return requirement(null, road.min(), evidence, missing);
    }

    private Requirement need(Need need, List<PathFacets> paths, CountedVotes votes) {
        List<Requirement.Evidence> evidence = votes.approving(need.role(), paths);
        List<Requirement.Evidence> overrides = evidence.size() < need.count() ? overrides(paths, votes) : List.of();
        if (!overrides.isEmpty()) {
            return new Requirement(name, path, need.role(), need.count(), Requirement.State.OVERRIDDEN, "", overrides);
        }
        Supplier<String> missing = () -> "needs " + need.count() + " " + need.role() + ", has " + evidence.size()
                + Requirement.Evidence.names(evidence) + votes.droppedText();
        return requirement(need.role(), need.count(), evidence, missing);
    }

    private List<Requirement.Evidence> overrides(List<PathFacets> paths, CountedVotes votes) {
        return votes.others(Decision.OVERRIDE).stream()
                .filter(vote -> name.equals(vote.statement().rule()))
                .filter(vote -> overrideRoles.contains(vote.statement().role()))
                .flatMap(vote -> votes.evidence(vote, paths).stream())
                .toList();
    }

    /** @param missing what is said if the evidence is of fewer than are needed */
    private Requirement requirement(
            @Nullable String role, int needed, List<Requirement.Evidence> evidence, Supplier<String> missing) {
        boolean met = evidence.size() >= needed;
        return new Requirement(name, path, role, needed, Requirement.State.of(met), met ? "" : missing.get(), evidence);
    }
}
