package countersign.merge;

import countersign.access.PathFacets;
import countersign.access.TrustReader;
import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.gate.Ballot;
import countersign.gate.GateRecord;
import countersign.gate.Requirement;
import countersign.gate.Requirements;
import countersign.gate.Scene;
import countersign.gate.Vote;
import countersign.gate.VoteRules;
import countersign.manifest.Manifest;
import countersign.policy.ChangeFacts;
import countersign.policy.DocumentChange;
import countersign.policy.Facts;
import countersign.policy.Policy;
import countersign.policy.PolicyEngine;
import countersign.policy.PolicyInput;
import countersign.policy.PolicyReport;
import countersign.policy.PolicyResult;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Evaluates everything that decides whether a change may merge: requirements and policies. Thread-safe. */
public final class Gatekeeper {
    private static final int MAX_POLICY = 1 << 20;

    private final DocumentReader documents;
    private final Requirements requirements;
    private final PolicyEngine policies;

    public Gatekeeper(DocumentReader documents, TrustReader trusts, VoteRules voteRules, PolicyEngine policies) {
        this.documents = documents;
        this.requirements = new Requirements(documents, trusts, voteRules);
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
                    .forEach(requirement -> reasons.add(
                            Finding.error("requirement-unmet", requirement.rule() + ": " + requirement.message())));
            findings.stream().filter(Finding::blocks).forEach(reasons::add);
            return reasons;
        }
    }

    public Evaluation evaluate(Scene scene) {
        List<Requirement> required = requirements.evaluate(scene);
        PolicyReport report = policies.evaluate(policiesOf(scene.before()), input(scene));
        GateRecord record = new GateRecord(
                scene.manifest().engine(),
                scene.manifest().digest(),
                scene.manifest().change(),
                scene.time(),
                required,
                requirements.contributors(scene),
                report.results().stream().map(PolicyResult::toMap).toList());
        return new Evaluation(record, report.findings());
    }

    /** The facets of the paths that the scene's change touches. */
    public List<PathFacets> facets(Scene scene) {
        return requirements.facets(scene);
    }

    private List<Policy> policiesOf(Snapshot snapshot) {
        return documents.list(snapshot, Kind.POLICY.folder()).stream()
                .filter(document -> document.kind() == Kind.POLICY)
                .map(document -> Policy.read(document, snapshot.read(document.path(), MAX_POLICY)))
                .toList();
    }

    private PolicyInput input(Scene scene) {
        List<DocumentChange> changed = scene.manifest().files().stream()
                .map(file -> documentChange(scene, file))
                .toList();
        Facts facts = new Facts(approvals(scene), () -> keys(scene.after()), path -> siblings(scene.after(), path));
        return new PolicyInput(changeFacts(scene), changed, facts, scene.time());
    }

    private DocumentChange documentChange(Scene scene, Manifest.FileChange file) {
        DocumentChange.Operation operation = file.before() == null
                ? DocumentChange.Operation.CREATE
                : file.after() == null ? DocumentChange.Operation.DELETE : DocumentChange.Operation.UPDATE;
        return new DocumentChange(
                file.path(), operation, document(scene.before(), file.path()), document(scene.after(), file.path()));
    }

    private @Nullable Document document(Snapshot snapshot, String path) {
        return path.endsWith(".yaml") ? documents.find(snapshot, path).orElse(null) : null;
    }

    private ChangeFacts changeFacts(Scene scene) {
        Document request =
                documents.find(scene.after(), scene.request().id().document()).orElseThrow();
        Fields spec = request.spec();
        Fields backout = spec.objectOrNull("backout");
        TreeSet<String> environments = new TreeSet<>();
        requirements.facets(scene).stream().map(PathFacets::environments).forEach(environments::addAll);
        return new ChangeFacts(
                scene.request().id().name(),
                scene.request().title(),
                scene.request().type(),
                scene.manifest().operation().label(),
                spec.textOrNull("maintenanceType"),
                scene.request().requester(),
                spec.textList("implementers"),
                scene.manifest().contributors(),
                List.copyOf(environments),
                scene.manifest().targets(),
                backout == null ? null : backout.textOrNull("plan"),
                request.labels());
    }

    private static List<Facts.Approval> approvals(Scene scene) {
        return Ballot.of(scene.manifest().digest(), scene.votes()).approvals().stream()
                .map(vote -> new Facts.Approval(vote.person(), vote.statement().role()))
                .toList();
    }

    private List<Facts.Key> keys(Snapshot snapshot) {
        return documents.list(snapshot, Kind.KEY_INVENTORY.folder()).stream()
                .filter(document -> document.kind() == Kind.KEY_INVENTORY)
                .map(document -> new Facts.Key(
                        document.name(),
                        document.spec().textOrNull("fingerprint"),
                        document.spec().textOrNull("environment")))
                .toList();
    }

    private List<Document> siblings(Snapshot snapshot, String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0
                ? List.of()
                : documents.list(snapshot, path.substring(0, slash)).stream()
                        .filter(document -> document.kind() == Kind.SYSTEM_CONFIG)
                        .filter(document -> !document.path().equals(path))
                        .toList();
    }

    /** The scene of a preview that has a manifest. */
    public static Scene scene(Preview preview, List<Vote> votes, java.time.Instant time) {
        return new Scene(
                Objects.requireNonNull(preview.manifest()),
                preview.request(),
                preview.before(),
                preview.after(),
                votes,
                java.util.Set.of(),
                time);
    }
}
