package countersign.change;

import countersign.access.Person;
import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.DirectPush;
import countersign.repository.Push;
import countersign.repository.PushPolicy;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Pushes in the name of people who have no Git at hand; the policy for pushes judges them like any other. */
final class Openings {
    private final Repository repository;
    private final PushPolicy policy;

    Openings(Repository repository, PushPolicy policy) {
        this.repository = repository;
        this.policy = policy;
    }

    /** Commits the edits on top of a commit and pushes that to the change's branch. */
    ChangeId push(Person person, ChangeId change, String parent, Opening opening, Instant time) {
        if (person.emails().isEmpty()) {
            throw new Refusal("no-email", person.name() + " has no e-mail address to commit with");
        }
        Commit.Identity author = new Commit.Identity(
                person.displayName(), person.emails().get(0), time.truncatedTo(ChronoUnit.SECONDS));
        String message = opening.message().isBlank() ? "Change " + change + "\n" : opening.message().strip() + "\n";
        Snapshot before = repository.snapshot(parent);
        DirectPush push = DirectPush.of(
                repository, person.name(), new DirectPush.Content(before, opening.edits()), tree -> new CommitDraft(
                        tree, List.of(parent), author, author, message), change.branch());
        receive(push);
        return change;
    }

    /** Deletes the change's branch. */
    void delete(Person person, Change change) {
        receive(DirectPush.deleting(repository, person.name(), change.id().branch()));
    }

    private void receive(Push push) {
        PushPolicy.Verdict verdict = policy.judge(push);
        if (!verdict.isAccepted()) {
            throw new Refusal("push-refused", String.join("; ", verdict.reasons().values()));
        }
        if (!repository.moveRefs(policy.moves(push))) {
            throw new Refusal("branch-moved", "somebody else moved the branch at the same moment", "try again");
        }
        policy.accepted(push);
    }

    static Optional<String> tip(Repository repository, ChangeId change) {
        return repository.findRef(change.branch());
    }
}
