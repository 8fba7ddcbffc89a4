package countersign.change;

import countersign.access.Trust;
import countersign.access.TrustReader;
import countersign.change.record.OpenRecords;
import countersign.change.record.Requests;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.codec.Refusal;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import countersign.merge.Ledger;
import countersign.merge.Proposals;
import countersign.repository.Repository;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes a tip in as the newest revision of an open change, whichever road it came by. Thread-safe. */
final class Admission {
    private static final Pattern ROLLBACK_NAME = Pattern.compile("rollback-[0-9]{8}-.+");

    private final Repository repository;
    private final Ledger ledger;
    private final TrustReader trusts;
    private final Proposals proposals;
    private final OpenRecords records;
    private final Requests requests;
    private final ChangeStore store;
    private final InstantSource clock;
    private final LostChanges lost;
    private long highestNumber = -1;

    /** What admission is made of. */
    record Parts(
            Repository repository,
            Ledger ledger,
            TrustReader trusts,
            Proposals proposals,
            OpenRecords records,
            Requests requests,
            ChangeStore store,
            InstantSource clock,
            LostChanges lost) {}

    Admission(Parts parts) {
        this.repository = parts.repository();
        this.ledger = parts.ledger();
        this.trusts = parts.trusts();
        this.proposals = parts.proposals();
        this.records = parts.records();
        this.requests = parts.requests();
        this.store = parts.store();
        this.clock = parts.clock();
        this.lost = parts.lost();
    }

    /**
     * A change as it will stand, and the moves that make it so.
     *
     * @param change the change with its newest revision, or withdrawn
     * @param moves the branch's move and the record's; all or none
     */
    record Admitted(Change change, List<Repository.RefMove> moves) {
        Admitted {
            moves = List.copyOf(moves);
        }
    }

    /** The trust in force. */
    Trust trust() {
        return trusts.read(repository.snapshot(ledger.main()));
    }

    /** Refuses a tip that can't be the newest revision of the change of that branch. */
    ChangeId requireFitting(Repository view, String branch, String tip) {
        return requireFitting(view, ledger.main(), branch, tip);
    }

    /** The same against an earlier main: a push sees the repository as it was when the push began. */
    ChangeId requireFitting(Repository view, String main, String branch, String tip) {
        // Neither the name nor the number of a change that was lost is given again.
        lost.find();
        ChangeId change = proposals.changeOf(view, main, tip);
        if (!branch.equals(change.branch())) {
            throw new Refusal(
                    "branch-name",
                    "the branch is " + branch.substring("refs/heads/".length()) + ", its request is "
                            + change.document(),
                    "push to change/" + change.name());
        }
        boolean takesBack = requests.request(view.snapshot(tip), change)
                .filter(request -> request.operation() == Operation.ROLLBACK)
                .isPresent();
        requireFree(change, takesBack);
        store.find(change.name()).ifPresent(known -> requireContinues(known, change, takesBack));
        return change;
    }

    /** A rollback has only one name that it may have, so nobody else may take it. */
    private static void requireFree(ChangeId change, boolean takesBack) {
        if (ROLLBACK_NAME.matcher(change.name()).matches() && !takesBack) {
            throw new Refusal(
                    "name-reserved",
                    "rollback-<yyyymmdd>-<name> is what a rollback is called, and " + change.document()
                            + " asks for none",
                    "choose another name, or open the rollback: countersign change rollback <name>");
        }
    }

    /** Makes the tip the newest revision; writes its record into the repository, unreferenced. */
    Admitted admit(Repository view, Repository.RefMove branch, String tip, String uploader) {
        ChangeId id = requireFitting(view, branch.ref(), tip);
        Optional<Change> known = store.find(id);
        List<Change.Revision> revisions =
                new ArrayList<>(known.map(Change::revisions).orElse(List.of()));
        revisions.add(new Change.Revision(tip, uploader, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
        return known.isPresent()
                ? admit(view, branch, new OpenRecords.Entry(known.get().number(), id, revisions, false))
                : admitNew(view, branch, id, revisions);
    }

    /** Gives the next number, which only a change that could be taken in uses up. */
    private synchronized Admitted admitNew(
            Repository view, Repository.RefMove branch, ChangeId id, List<Change.Revision> revisions) {
        long number = (highestNumber < 0 ? store.highestNumber() : highestNumber) + 1;
        Admitted admitted = admit(view, branch, new OpenRecords.Entry(number, id, revisions, false));
        highestNumber = number;
        return admitted;
    }

    private Admitted admit(Repository view, Repository.RefMove branch, OpenRecords.Entry entry) {
        return new Admitted(
                requests.change(view, entry, ChangeState.REVIEW), List.of(branch, records.write(repository, entry)));
    }

    /** Withdraws the open change of a branch; a Refusal {@code not-yours} unless the person may. */
    Admitted withdraw(Repository.RefMove branch, String person) {
        String name = branch.ref().substring("refs/heads/change/".length());
        Change change = store.find(name)
                .filter(known -> known.state().open())
                .orElseThrow(() -> new Refusal("no-such-change", "there is no open change " + name));
        requireMayWithdraw(change, person);
        Change withdrawn = change.withState(ChangeState.WITHDRAWN);
        return new Admitted(withdrawn, List.of(branch, records.write(repository, OpenRecords.Entry.of(withdrawn))));
    }

    /** Who asks for a change may take it back, as may who opened it, and whoever may stop everything. */
    private void requireMayWithdraw(Change change, String person) {
        String opener = change.revisions().get(0).uploader();
        Trust trust = trust();
        List<String> roles = trust.settings().stopRoles();
        if (!person.equals(change.requester())
                && !person.equals(opener)
                && !trust.holdsAny(person, roles, clock.instant())) {
            throw new Refusal(
                    "not-yours",
                    change.id() + " is asked for by " + change.requester() + " and was opened by " + opener
                            + ", not by " + person,
                    "ask one of them or somebody in the role " + String.join(" or ", roles)
                            + "; who may approve it may also reject it");
        }
    }

    private static void requireContinues(Change known, ChangeId change, boolean takesBack) {
        boolean reopens = takesBack && known.withdrawnRollback();
        if (!known.state().open() && !reopens) {
            throw new Refusal(
                    "change-closed",
                    "the change " + known.id() + " is " + known.state().label(),
                    "choose another name for the new change");
        }
        if (!known.id().equals(change)) {
            throw new Refusal(
                    "change-day",
                    "the change was opened as " + known.id() + ", this calls it " + change,
                    "keep " + known.id().document());
        }
    }
}
