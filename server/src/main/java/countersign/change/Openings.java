package countersign.change;

import countersign.access.Person;
import countersign.change.impact.Conflicts;
import countersign.change.store.Change;
import countersign.change.wish.Opening;
import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.merge.PushRules;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Repository;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Opens and revises changes for people who have no Git at hand, by the same rules as pushes. Nothing is written before
 * the edits are judged. Thread-safe.
 */
final class Openings {
    private final Repository repository;
    private final Admission admission;
    private final PushRules rules;
    private final Reviews reviews;
    private final Conflicts conflicts;

    Openings(Repository repository, Admission admission, PushRules rules, Reviews reviews, Conflicts conflicts) {
        this.repository = repository;
        this.admission = admission;
        this.rules = rules;
        this.reviews = reviews;
        this.conflicts = conflicts;
    }

    /** Commits the edits on top of a commit, as the newest revision of a change. */
    void push(String person, ChangeId change, String parent, Opening opening, Instant time) {
        Person author = person(person);
        List<Finding> findings = rules.check(opening.edits());
        if (!findings.isEmpty()) {
            throw new Refusal(findings);
        }
        String tip = commit(author, change, parent, opening, time);
        Optional<String> before = repository.findRef(change.branch());
        Repository.RefMove branch = new Repository.RefMove(change.branch(), before.orElse(null), tip);
        receive(admission.admit(repository, branch, tip, person));
    }

    /** Deletes the change's branch. */
    void withdraw(Change change, String person) {
        receive(admission.withdraw(
                new Repository.RefMove(change.id().branch(), change.tip().commit(), null), person));
    }

    private Person person(String name) {
        return admission
                .trust()
                .findPerson(name)
                .orElseThrow(() -> new Refusal("unknown-person", name + " has no Person document on main"));
    }

    private String commit(Person person, ChangeId change, String parent, Opening opening, Instant time) {
        if (person.emails().isEmpty()) {
            throw new Refusal("no-email", person.name() + " has no e-mail address to commit with");
        }
        Commit.Identity author =
                new Commit.Identity(person.displayName(), person.emails().get(0), time.truncatedTo(ChronoUnit.SECONDS));
        String message = opening.message().isBlank()
                ? "Change " + change
                : opening.message().strip();
        String tree = repository.edit(repository.getCommit(parent).treeId(), opening.edits());
        return repository.commit(new CommitDraft(tree, List.of(parent), author, author, message + "\n"));
    }

    private void receive(Admission.Admitted admitted) {
        if (!repository.moveRefs(admitted.moves())) {
            throw new Refusal("branch-moved", "somebody else moved the branch at the same moment", "try again");
        }
        repository.force();
        conflicts.pushed(admitted.change(), () -> reviews.pushed(admitted.change()));
    }
}
