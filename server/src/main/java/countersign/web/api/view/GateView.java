package countersign.web.api.view;

import countersign.gate.GateRecord;
import countersign.gate.Requirement;
import countersign.merge.Gatekeeper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the gate stands.
 *
 * @param open whether nothing keeps the change from merging
 * @param reasons what does: unmet requirements, policies, a stop, an overdue review
 * @param manifest digest of what the votes must be about
 */
public record GateView(
        boolean open,
        List<ReasonView> reasons,
        int engine,
        String manifest,
        String change,
        String time,
        List<RequirementView> requirements,
        List<ContributorView> contributors,
        List<Map<String, @Nullable Object>> policies) {
    /** Something that must hold. */
    record RequirementView(
            String rule,
            @Nullable String document,
            @Nullable String role,
            int needed,
            String state,
            String message,
            List<EvidenceView> evidence) {}

    /** A vote that counts. */
    record EvidenceView(
            String person,
            String role,
            String key,
            @Nullable String grant,
            long vote) {}

    /** A person who can't approve, and how that is known. */
    record ContributorView(String person, String known) {}

    /** Something that keeps the change from merging. */
    record ReasonView(String rule, String message) {}

    public static GateView of(Gatekeeper.Evaluation evaluation) {
        GateRecord gate = evaluation.record();
        return new GateView(
                evaluation.open(),
                evaluation.reasons().stream()
                        .map(reason -> new ReasonView(reason.rule(), reason.message()))
                        .toList(),
                gate.engine(),
                gate.manifest().hex(),
                gate.change().toString(),
                gate.time().toString(),
                gate.requirements().stream().map(GateView::of).toList(),
                gate.contributors().stream()
                        .map(contributor -> new ContributorView(contributor.person(), contributor.known()))
                        .toList(),
                gate.policies());
    }

    private static RequirementView of(Requirement requirement) {
        return new RequirementView(
                requirement.rule(),
                requirement.document(),
                requirement.role(),
                requirement.needed(),
                requirement.state().label(),
                requirement.message(),
                requirement.evidence().stream()
                        .map(vote ->
                                new EvidenceView(vote.person(), vote.role(), vote.key(), vote.grant(), vote.vote()))
                        .toList());
    }
}
