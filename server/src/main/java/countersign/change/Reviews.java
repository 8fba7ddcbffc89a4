package countersign.change;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.change.key.KeyRing;
import countersign.change.record.Requests;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.gate.RollbackRules;
import countersign.gate.Scene;
import countersign.gate.VoteRules;
import countersign.gate.circumstance.Circumstances;
import countersign.gate.emergency.EmergencyReviews;
import countersign.gate.vote.Ballot;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.LogClock;
import countersign.log.RecordLog;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.manifest.assessment.Risk;
import countersign.merge.Gatekeeper;
import countersign.merge.Heard;
import countersign.merge.Ledger;
import countersign.merge.Merged;
import countersign.merge.Preview;
import countersign.merge.Previews;
import countersign.merge.Proposals;
import countersign.policy.input.Stage;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The review of open changes: previews against present main, votes, and the state that follows from them. Thread-safe.
 */
final class Reviews {
    private final Parts parts;
    private final Repository repository;
    private final Ledger ledger;
    private final TrustReader trusts;
    private final Proposals proposals;
    private final Gatekeeper gatekeeper;
    private final Projection projection;
    private final Requests requests;
    private final KeyRing ring;
    private final Hindrances hindrances;
    private final Previews previews;
    private final LogClock clock;
    private final ReentrantLock reviewing = new ReentrantLock();

    /** What the review is made of. */
    record Parts(
            Repository repository,
            RecordLog log,
            Ledger ledger,
            TrustReader trusts,
            Proposals proposals,
            Gatekeeper gatekeeper,
            VoteRules voteRules,
            Projection projection,
            Requests requests,
            KeyRing ring,
            EmergencyReviews emergencies,
            Hindrances hindrances,
            Previews previews,
            LogClock clock) {}

    Reviews(Parts parts) {
        this.parts = parts;
        this.repository = parts.repository();
        this.ledger = parts.ledger();
        this.trusts = parts.trusts();
        this.proposals = parts.proposals();
        this.gatekeeper = parts.gatekeeper();
        this.projection = parts.projection();
        this.requests = parts.requests();
        this.ring = parts.ring();
        this.hindrances = parts.hindrances();
        this.previews = parts.previews();
        this.clock = parts.clock();
    }

    /** Who takes in what is signed about the same changes. */
    VoteDesk desk() {
        return new VoteDesk(parts, this);
    }

    /** Records a push and the state that it leaves the change in. */
    void pushed(Change change) {
        if (change.state().open() && change.revisions().size() == 1) {
            opened(change);
            return;
        }
        projection.pushed(change);
        review(change.id());
    }

    /** Nobody can have voted yet: the change and its state are written at once, and the change even if it has none. */
    private void opened(Change change) {
        Change judged = change;
        try {
            judged = change.withState(state(change));
        } finally {
            projection.pushed(judged);
        }
    }

    /** The preview of an open change against present main. */
    Preview preview(Change change) {
        String main = ledger.main();
        return previews.get(change.id(), revision(change), main, () -> compute(change, main));
    }

    /** The same as far as votes are concerned: no merge since can have altered what they are about. */
    Preview equivalent(Change change) {
        String main = ledger.main();
        return previews.getEquivalent(change.id(), revision(change), main, () -> compute(change, main));
    }

    private static String revision(Change change) {
        return change.tip().commit() + " " + change.revisions().size();
    }

    private Preview compute(Change change, String main) {
        List<String> uploaders = change.revisions().stream()
                .map(Change.Revision::uploader)
                .distinct()
                .toList();
        return proposals.preview(
                repository, main, new Proposals.Branch(change.id(), change.tip().commit(), uploaders));
    }

    /** Notes a merge; says which changes, of those previewed lately, have to be reviewed because of it. */
    Set<ChangeId> merged(Ledger.Merge merge) {
        previews.merged(merge);
        return previews.touching(merge.manifest());
    }

    /** What a merged change did. */
    Preview merged(Change change, Merged merge, Manifest manifest) {
        Snapshot before = repository.snapshot(merge.before());
        Snapshot after = repository.snapshot(merge.commit());
        ChangeRequest request = requests.request(after, change.id()).orElseThrow();
        return new Preview(
                request,
                manifest,
                List.of(),
                merge.before(),
                change.tip().commit(),
                before,
                after,
                Preview.Recipe.of(after),
                List.of());
    }

    /** The gate as it stands for an open change; refuses while findings keep the effect from being computed. */
    Gatekeeper.Evaluation evaluate(Change change) {
        Preview preview = preview(change);
        preview.requireManifest();
        Gatekeeper.Evaluation evaluation = gatekeeper.evaluate(scene(preview, now()), Stage.GATE);
        List<Finding> findings = new ArrayList<>(evaluation.findings());
        findings.addAll(hindrances.of(preview, now()));
        return new Gatekeeper.Evaluation(evaluation.record(), findings);
    }

    /** The risk of a change; refuses while findings keep its effect from being computed. */
    Risk risk(Preview preview) {
        preview.requireManifest();
        return gatekeeper.risk(Gatekeeper.scene(preview, Heard.nothing(), now()));
    }

    /** What still keeps an open change from merging, a line each. */
    List<String> missing(Change change) {
        return preview(change).blocked()
                ? List.of()
                : evaluate(change).reasons().stream().map(Finding::toString).toList();
    }

    /**
     * Brings the state of a change, if it is open, in line with its findings and votes. Reviews take turns and look at the
     * change as it is by then, so that none that began before a push or a vote writes over what follows from it.
     */
    void review(ChangeId id) {
        reviewing.lock();
        try {
            projection.findOpen(id).ifPresent(change -> projection.reviewed(change, state(change)));
        } finally {
            reviewing.unlock();
        }
    }

    private ChangeState state(Change change) {
        Preview preview = equivalent(change);
        if (preview.blocked()) {
            return ChangeState.DRAFT;
        }
        Manifest manifest = preview.requireManifest();
        List<Vote> votes = projection.testimony().votes(change.id());
        Ballot ballot = Ballot.of(manifest.digest(), votes);
        try {
            if (gatekeeper.isOpen(scene(preview, now()), Stage.GATE)
                    && hindrances.owed(preview, now()).isEmpty()) {
                return ChangeState.APPROVED;
            }
        } catch (Refusal refusal) {
            return ChangeState.DRAFT;
        }
        return ballot.rejections().isEmpty() ? ChangeState.REVIEW : ChangeState.REJECTED;
    }

    /** What a statement about this change must be about now. */
    Ground ground(Change change) {
        if (change.state().open()) {
            Preview preview = equivalent(change);
            Manifest manifest = preview.requireManifest();
            return new Ground(manifest, change.title(), trusts.read(preview.before()), preview);
        }
        Merged merged = change.merged();
        if (merged == null) {
            throw new Refusal(
                    "change-closed",
                    "the change " + change.id() + " is " + change.state().label(),
                    "open a new change");
        }
        Manifest manifest = RollbackRules.merged(repository.snapshot(merged.commit()), change.id())
                .orElseThrow();
        return new Ground(manifest, change.title(), trusts.read(repository.snapshot(ledger.main())), null);
    }

    /** What a vote is judged against. */
    record Ground(
            Manifest manifest,
            String title,
            Trust trust,
            @org.jspecify.annotations.Nullable Preview preview) {
        Statement.Effect effect() {
            return Statement.Effect.of(manifest, title);
        }
    }

    /** The same for a merge, unless something hinders it. */
    Heard hear(Preview preview, Instant time) {
        Refusal.ifAnyBlocks(hindrances.of(preview, time));
        return heard(preview);
    }

    /** What the log says about an open change. */
    private Heard heard(Preview preview) {
        return new Heard(
                projection.testimony().votes(preview.request().id()),
                ring.present().fingerprints(),
                circumstances(preview));
    }

    private Circumstances circumstances(Preview preview) {
        ChangeId of = preview.request().of();
        boolean names = preview.request().recovery() != null;
        String template = preview.request().template();
        return hindrances.with(new Circumstances(
                of == null ? List.of() : projection.testimony().failures(of),
                template == null ? List.of() : projection.testimony().failures(template),
                names ? ledger.chain(preview.main()) : null,
                projection.testimony()::failuresAt,
                null));
    }

    private Scene scene(Preview preview, Instant time) {
        return Gatekeeper.scene(preview, heard(preview), time);
    }

    Instant now() {
        return clock.now();
    }
}
