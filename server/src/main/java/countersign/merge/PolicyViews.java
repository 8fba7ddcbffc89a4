package countersign.merge;

import countersign.access.PathFacets;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.overlay.Overlays;
import countersign.document.reference.DocumentName;
import countersign.gate.Requirements;
import countersign.gate.Scene;
import countersign.gate.circumstance.FailedReceipt;
import countersign.gate.vote.Ballot;
import countersign.manifest.Manifest;
import countersign.manifest.assessment.Assessment;
import countersign.manifest.assessment.Grade;
import countersign.manifest.assessment.Risk;
import countersign.policy.Policy;
import countersign.policy.Waiver;
import countersign.policy.input.ChangeFacts;
import countersign.policy.input.DocumentChange;
import countersign.policy.input.Facts;
import countersign.policy.input.Lookups;
import countersign.policy.input.PolicyInput;
import countersign.policy.input.Stage;
import countersign.repository.DocumentReader;
import countersign.repository.Remembered;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What policies see of a scene: its change, its documents and the tree around them. Thread-safe. */
final class PolicyViews {
    private static final int MAX_POLICY = 1 << 20;
    private static final int MAX_POLICIES = 500;

    private final DocumentReader documents;
    private final Requirements requirements;

    /** By path and blob id, which say all that a policy is. */
    private final Remembered<Policy> read = new Remembered<>(MAX_POLICIES);

    PolicyViews(DocumentReader documents, Requirements requirements) {
        this.documents = documents;
        this.requirements = requirements;
    }

    /** The policies of a tree. */
    List<Policy> policies(Snapshot snapshot) {
        return documents.list(snapshot, Kind.POLICY.folder()).stream()
                .filter(document -> document.kind() == Kind.POLICY)
                .map(document -> policy(snapshot, document))
                .toList();
    }

    private Policy policy(Snapshot snapshot, Document document) {
        String blob = snapshot.find(document.path()).map(TreeEntry::id).orElseThrow();
        return read.get(
                document.path() + " " + blob, () -> Policy.read(document, snapshot.read(document.path(), MAX_POLICY)));
    }

    /** The waivers of a tree that can be read. */
    List<Waiver> waivers(Snapshot snapshot) {
        return documents.list(snapshot, Kind.WAIVER.folder()).stream()
                .filter(document -> document.kind() == Kind.WAIVER)
                .flatMap(document -> waiver(document).stream())
                .toList();
    }

    /** A waiver that isn't one excepts from nothing. */
    private static Optional<Waiver> waiver(Document document) {
        try {
            return Optional.of(Waiver.read(document));
        } catch (Refusal malformed) {
            return Optional.empty();
        }
    }

    /** The change of a scene. */
    PolicyInput input(Scene scene, Stage stage) {
        List<DocumentChange> changed = changed(scene);
        Facts facts = facts(
                scene.before(),
                scene.after(),
                approvals(scene),
                lookups(scene.after(), scene.circumstances().atSystem()));
        return new PolicyInput(changeFacts(scene), changed, facts, scene.time(), stage);
    }

    /** What rules may ask of two trees without a past. */
    Facts facts(Snapshot before, Snapshot after, List<Facts.Approval> approvals) {
        return facts(before, after, approvals, lookups(after, system -> List.of()));
    }

    private Facts facts(Snapshot before, Snapshot after, List<Facts.Approval> approvals, Lookups lookups) {
        return new Facts(
                approvals,
                () -> keys(after),
                path -> siblings(after, path),
                path -> Optional.ofNullable(document(before, path)),
                lookups);
    }

    /** By the tree after and the receipts in the log before the merge. */
    private Lookups lookups(Snapshot after, Function<String, List<FailedReceipt>> atSystem) {
        return new Lookups() {
            @Override
            public Optional<Document> find(Kind kind, String name) {
                return documents.references().named(after).find(new DocumentName(kind, name));
            }

            @Override
            public long failures(String system, Instant behind) {
                return atSystem.apply(system).stream()
                        .filter(failure -> failure.entry().time().isAfter(behind))
                        .map(FailedReceipt::change)
                        .distinct()
                        .count();
            }
        };
    }

    /** Every path that the change touches, and every system that is another because a base of it is. */
    private List<DocumentChange> changed(Scene scene) {
        Map<String, DocumentChange> changed = new LinkedHashMap<>();
        scene.manifest().files().forEach(file -> changed.put(file.path(), documentChange(scene, file)));
        scene.manifest().files().stream()
                .map(Manifest.FileChange::path)
                .forEach(path -> Stream.of(scene.before(), scene.after())
                        .flatMap(side -> over(side, path))
                        .forEach(other -> changed.computeIfAbsent(
                                other,
                                system -> new DocumentChange(
                                        system,
                                        DocumentChange.Operation.UPDATE,
                                        document(scene.before(), system),
                                        document(scene.after(), system)))));
        return List.copyOf(changed.values());
    }

    private Stream<String> over(Snapshot side, String path) {
        boolean base = path.startsWith("systems/")
                && path.endsWith(".yaml")
                && documents.find(side, path).filter(Overlays::isAbstract).isPresent();
        return base
                ? documents.list(side, path.substring(0, path.lastIndexOf('/'))).stream()
                        .filter(document -> Overlays.isOver(document, path))
                        .map(Document::path)
                : Stream.empty();
    }

    private DocumentChange documentChange(Scene scene, Manifest.FileChange file) {
        DocumentChange.Operation operation = file.before() == null
                ? DocumentChange.Operation.CREATE
                : file.after() == null ? DocumentChange.Operation.DELETE : DocumentChange.Operation.UPDATE;
        return new DocumentChange(
                file.path(), operation, document(scene.before(), file.path()), document(scene.after(), file.path()));
    }

    /** What is only a base of others is judged as part of them. */
    private @Nullable Document document(Snapshot snapshot, String path) {
        return path.endsWith(".yaml")
                ? documents
                        .find(snapshot, path)
                        .filter(document -> !Overlays.isAbstract(document))
                        .orElse(null)
                : null;
    }

    private ChangeFacts changeFacts(Scene scene) {
        Document request =
                documents.find(scene.after(), scene.request().id().document()).orElseThrow();
        Fields spec = request.spec();
        Fields backout = spec.objectOrNull("backout");
        TreeSet<String> environments = new TreeSet<>();
        List<PathFacets> touched = requirements.facets(scene);
        touched.stream().map(PathFacets::environments).forEach(environments::addAll);
        Fields people = spec.objectOrNull("people");
        return new ChangeFacts(
                scene.request().id().name(),
                scene.request().title(),
                scene.request().type(),
                scene.manifest().operation().label(),
                spec.textOrNull("maintenanceType"),
                scene.request().requester(),
                people == null ? List.of() : people.textList("implementers"),
                scene.manifest().contributors(),
                List.copyOf(environments),
                scene.manifest().targets(),
                backout == null ? null : backout.textOrNull("plan"),
                request.labels(),
                weight(scene, touched),
                scene.request().template());
    }

    private ChangeFacts.Weight weight(Scene scene, List<PathFacets> touched) {
        Risk risk = requirements.risk(scene, touched);
        return new ChangeFacts.Weight(
                risk.level().label(),
                label(risk.likelihood()),
                label(risk.impact()),
                Assessment.of(scene.before(), documents)
                        .priority(scene.request().declared(), Requirements.isEmergency(scene.request())));
    }

    private static @Nullable String label(@Nullable Grade grade) {
        return grade == null ? null : grade.label();
    }

    private List<Facts.Approval> approvals(Scene scene) {
        Stream<Facts.Approval> signed = Ballot.of(scene.manifest().digest(), scene.votes()).approvals().stream()
                .map(vote -> new Facts.Approval(vote.person(), vote.statement().role()));
        Stream<Facts.Approval> delegated =
                requirements.delegation(scene).stream().map(given -> new Facts.Approval(given.person(), given.role()));
        return Stream.concat(signed, delegated).distinct().toList();
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
                        .filter(document -> document.kind() == Kind.SYSTEM_CONFIG && !Overlays.isAbstract(document))
                        .filter(document -> !document.path().equals(path))
                        .toList();
    }
}
