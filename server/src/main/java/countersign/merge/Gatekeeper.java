package countersign.merge;

import countersign.access.PathFacets;
import countersign.access.TrustReader;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.gate.GateRecord;
import countersign.gate.Requirements;
import countersign.gate.Scene;
import countersign.gate.VoteRules;
import countersign.manifest.Operation;
import countersign.manifest.assessment.Risk;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyReport;
import countersign.policy.PolicyResult;
import countersign.policy.input.Stage;
import countersign.repository.DocumentReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Evaluates everything that decides whether a change may merge: requirements and policies. Thread-safe. */
public final class Gatekeeper {
    private final Requirements requirements;
    private final PolicyViews views;
    private final PolicyEngine policies;

    public Gatekeeper(DocumentReader documents, TrustReader trusts, VoteRules voteRules, PolicyEngine policies) {
        this.requirements = new Requirements(documents, trusts, voteRules);
        this.views = new PolicyViews(documents, requirements);
        this.policies = policies;
    }

    /**
     * How the gate stands.
     *
     * @param record what would be frozen into the merge
     * @param findings what the policies found; a denying one blocks
     */
    public record Evaluation(GateRecord record, List<Finding> findings) {
        public boolean open() {
            return record.open() && findings.stream().noneMatch(Finding::blocks);
        }

        /** Everything that keeps the gate shut. */
        public List<Finding> reasons() {
            List<Finding> reasons = new ArrayList<>();
            record.requirements().stream()
                    .filter(requirement -> !requirement.met())
                    .forEach(requirement -> reasons.add(requirement.finding()));
            findings.stream().filter(Finding::blocks).forEach(reasons::add);
            return reasons;
        }
    }

    /** How the gate stands at a stage; requirements are the same at all of them. */
    public Evaluation evaluate(Scene scene, Stage stage) {
        return evaluate(scene, stage, requirements.judge(scene));
    }

    /** Whether nothing keeps the gate shut; does not ask the policies while a requirement is unmet. */
    public boolean isOpen(Scene scene, Stage stage) {
        Requirements.Judgement judgement = requirements.judge(scene);
        return judgement.met() && evaluate(scene, stage, judgement).open();
    }

    private Evaluation evaluate(Scene scene, Stage stage, Requirements.Judgement judgement) {
        PolicyReport report = policies.evaluate(
                views.policies(scene.before()), views.waivers(scene.before()), views.input(scene, stage));
        GateRecord record = new GateRecord(
                scene.manifest().engine(),
                scene.manifest().digest(),
                scene.manifest().change(),
                scene.time(),
                judgement.requirements(),
                judgement.contributors(),
                report.results().stream().map(PolicyResult::toMap).toList());
        boolean recovery = scene.manifest().operation() == Operation.RECOVER;
        return new Evaluation(record, recovery ? List.of() : report.findings());
    }

    /** What other policies would have said of a scene, at its merge, with the waivers that were in force. */
    public PolicyReport rehearse(Scene scene, List<Policy> others) {
        return policies.evaluate(others, views.waivers(scene.before()), views.input(scene, Stage.MERGE));
    }

    /** Refuses {@code not-overridable} and {@code override-not-permitted}: what no signed override would set aside. */
    public void requireOverridable(Scene scene, String rule, String role) {
        Map<String, Set<String>> overridable = requirements.overridable(scene);
        overridable.values().removeIf(Set::isEmpty);
        Set<String> roles = overridable.get(rule);
        if (roles == null) {
            throw new Refusal(Finding.error(
                            "not-overridable",
                            "nothing called " + rule + " at the gate of "
                                    + scene.request().id() + " is set aside by an override")
                    .withWayOut(
                            overridable.isEmpty()
                                    ? "nothing is"
                                    : "name one of " + String.join(", ", overridable.keySet())));
        }
        if (!roles.contains(role)) {
            throw new Refusal(
                    "override-not-permitted",
                    rule + " is set aside by " + String.join(" or ", roles) + ", not by " + role,
                    "let somebody sign who holds that role");
        }
    }

    /** The facets of the paths that the scene's change touches. */
    public List<PathFacets> facets(Scene scene) {
        return requirements.facets(scene);
    }

    /** The risk of the scene's change. */
    public Risk risk(Scene scene) {
        return requirements.risk(scene, facets(scene));
    }

    /** The scene of a preview that has a manifest. */
    public static Scene scene(Preview preview, Heard heard, java.time.Instant time) {
        return new Scene(
                Objects.requireNonNull(preview.manifest()),
                preview.request(),
                preview.before(),
                preview.after(),
                heard.votes(),
                heard.revokedKeys(),
                time,
                heard.circumstances());
    }
}
