package countersign.gate.emergency;

import countersign.codec.Finding;
import countersign.codec.Sha256;
import countersign.gate.Requirement;
import countersign.gate.Requirements;
import countersign.gate.Scene;
import countersign.gate.vote.Vote;
import countersign.manifest.ChangeId;
import countersign.manifest.ChangeRequest;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which merged emergency changes owe signatures (PROTOCOL §8), told of merges and statements in the order of the log.
 * Rules, people and grants are those that judged the merge, at its T. Thread-safe.
 */
public final class EmergencyReviews {
    private final Requirements requirements;
    private final Map<Sha256, Owing> owing = new LinkedHashMap<>();

    public EmergencyReviews(Requirements requirements) {
        this.requirements = requirements;
    }

    /** A merged emergency, with every vote about it so far. */
    private record Owing(Scene scene, List<Vote> votes, Instant deadline) {}

    /** Takes note of a merge; nothing happens unless it took the emergency road. */
    public synchronized void merged(Scene scene) {
        requirements.retrospectiveWithin(scene).ifPresent(within -> {
            Owing debt = new Owing(
                    scene, new ArrayList<>(scene.votes()), scene.time().plus(within));
            owing.put(scene.manifest().digest(), debt);
            settle(debt);
        });
    }

    /** Takes note of a statement; nothing happens unless it is about such a merge. */
    public synchronized void voted(Vote vote) {
        Owing debt = owing.get(vote.manifest());
        if (debt != null) {
            debt.votes().add(vote);
            settle(debt);
        }
    }

    /** Log indexes of the votes about merges that still owe something, by their manifests. */
    public synchronized Map<Sha256, List<Long>> votes() {
        Map<Sha256, List<Long>> votes = new LinkedHashMap<>();
        owing.forEach((manifest, debt) ->
                votes.put(manifest, debt.votes().stream().map(Vote::index).toList()));
        return votes;
    }

    /** A merge was named bad: nothing is owed for it any more. */
    public synchronized void takenBack(ChangeId change) {
        owing.values().removeIf(debt -> debt.scene().manifest().change().equals(change));
    }

    /** Everything that is owed, oldest merge first. */
    public synchronized List<OwedReview> owed() {
        return owing.values().stream()
                .map(debt -> new OwedReview(
                        debt.scene().request().id(),
                        debt.scene().manifest(),
                        debt.scene().time(),
                        debt.deadline(),
                        unmet(debt).stream()
                                .map(requirement -> requirement.rule() + ": " + requirement.message())
                                .toList()))
                .toList();
    }

    /** What is overdue at a time and keeps a change from merging; an emergency waits for nothing. */
    public List<Finding> holdingUp(Manifest manifest, ChangeRequest request, Instant time) {
        return Requirements.isEmergency(request) || manifest.operation() == Operation.RECOVER
                ? List.of()
                : owed().stream()
                        .filter(review -> review.overdueAt(time) && review.holdsUp(manifest))
                        .map(OwedReview::finding)
                        .toList();
    }

    private void settle(Owing debt) {
        if (unmet(debt).isEmpty()) {
            owing.remove(debt.scene().manifest().digest());
        }
    }

    private List<Requirement> unmet(Owing debt) {
        Scene scene = debt.scene();
        Scene since = new Scene(
                scene.manifest(), scene.request(), scene.before(), scene.after(), debt.votes(), Set.of(), scene.time());
        return requirements.retrospective(since).stream()
                .filter(requirement -> !requirement.met())
                .toList();
    }
}
