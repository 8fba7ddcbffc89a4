package countersign.change.store;

import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import countersign.manifest.Unit;
import countersign.merge.Merged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change as the server shows it: a projection of Git and the record log, rebuilt from them at any time.
 *
 * @param number counts the changes of this repository from 1
 * @param id day and name
 * @param title title of its request
 * @param type standard, normal or emergency
 * @param operation what its merge does
 * @param of the change that a rollback takes back
 * @param requester name of the person who asks for it
 * @param state where it stands
 * @param revisions its pushes, oldest first, at least one
 * @param merged its merge, once it is merged
 * @param units what became of each unit that it affects, in the order of the receipts
 * @param template name of the template that it was made from
 * @param due by when it is to be decided
 */
public record Change(
        long number,
        ChangeId id,
        String title,
        String type,
        Operation operation,
        @Nullable ChangeId of,
        String requester,
        ChangeState state,
        List<Revision> revisions,
        @Nullable Merged merged,
        List<UnitOutcome> units,
        @Nullable String template,
        Due due) {
    /** The outcome of a unit of which no receipt tells yet. */
    public static final String PENDING = "pending";

    /**
     * How pressing a change is. Times are whole seconds.
     *
     * @param priority from 1, first, to 5
     * @param by until when it is to be decided, as it was when the server took in its newest revision
     * @param decidedAt when the vote came that approved or rejected it as it stands; null while it is undecided
     */
    public record Due(int priority, Instant by, @Nullable Instant decidedAt) {}

    /**
     * One push of the change.
     *
     * @param commit tip of the branch
     * @param uploader name of the person who pushed
     * @param at when the server accepted it
     */
    public record Revision(String commit, String uploader, Instant at) {}

    /**
     * What a receipt says of a unit.
     *
     * @param unit target and system
     * @param outcome the receipt's word
     * @param receipt index of the receipt in the record log
     * @param reason why it failed, was taken back or is held; null if all went well
     */
    public record UnitOutcome(
            Unit unit,
            String outcome,
            long receipt,
            @Nullable String reason) {
        /** Whether the unit does not stand as the change wants it, and will not be tried again. */
        public boolean failed() {
            return outcome.equals("failed") || outcome.equals("rolled-back") || outcome.equals("held");
        }

        /** What failed by itself and was then taken back keeps the reason for which it failed. */
        private UnitOutcome after(UnitOutcome known) {
            return outcome.equals("rolled-back") && known.outcome.equals("failed")
                    ? new UnitOutcome(unit, outcome, receipt, known.reason)
                    : this;
        }
    }

    public Change {
        revisions = List.copyOf(revisions);
        units = List.copyOf(units);
        if (revisions.isEmpty()) {
            throw new IllegalArgumentException("a change has a revision");
        }
    }

    public boolean emergency() {
        return type.equals("emergency");
    }

    /** Whether it took another change back and was withdrawn; its name is the only one that would do, so it may return. */
    public boolean withdrawnRollback() {
        return operation == Operation.ROLLBACK && state == ChangeState.WITHDRAWN;
    }

    /** The newest revision. */
    public Revision tip() {
        return revisions.get(revisions.size() - 1);
    }

    public Instant openedAt() {
        return revisions.get(0).at();
    }

    /** The same change in another state; a bug if the state may not follow. */
    public Change withState(ChangeState next) {
        if (next != state && !state.next().contains(next)) {
            throw new IllegalStateException("change " + id + " can't go from " + state + " to " + next);
        }
        return new Change(
                number, id, title, type, operation, of, requester, next, revisions, merged, units, template, due);
    }

    Change withRevision(Revision revision) {
        List<Revision> all = new ArrayList<>(revisions);
        all.add(revision);
        return new Change(number, id, title, type, operation, of, requester, state, all, merged, units, template, due);
    }

    public Change withMerge(Merged merge) {
        return new Change(
                number, id, title, type, operation, of, requester, state, revisions, merge, units, template, due);
    }

    public Change withOutcome(UnitOutcome outcome) {
        List<UnitOutcome> all = new ArrayList<>(units);
        UnitOutcome told = outcome;
        for (UnitOutcome known : units) {
            if (known.unit().equals(outcome.unit())) {
                told = outcome.after(known);
                all.remove(known);
            }
        }
        all.add(told);
        return new Change(
                number, id, title, type, operation, of, requester, state, revisions, merged, all, template, due);
    }

    /** The same change with every unit of its manifest waiting; done if there is none. */
    public Change scheduled(Manifest manifest) {
        Change scheduled = this;
        for (Manifest.UnitChange unit : manifest.units()) {
            scheduled = scheduled.withOutcome(new UnitOutcome(unit.unit(), PENDING, -1, null));
        }
        return scheduled.withState(manifest.units().isEmpty() ? ChangeState.CONFIRMED : ChangeState.SCHEDULED);
    }

    /** The same change, decided at a time; null for undecided. */
    public Change withDecision(@Nullable Instant at) {
        Due decided = new Due(due.priority(), due.by(), at);
        return new Change(
                number, id, title, type, operation, of, requester, state, revisions, merged, units, template, decided);
    }

    /** Whether one of its units failed at a system. */
    public boolean failedAt(String system) {
        return failedAt().contains(system);
    }

    /** The systems at which a unit of it failed; none unless it failed as a whole. */
    public Set<String> failedAt() {
        return state == ChangeState.FAILED || state == ChangeState.ROLLED_BACK
                ? units.stream()
                        .filter(UnitOutcome::failed)
                        .map(unit -> unit.unit().system())
                        .collect(Collectors.toSet())
                : Set.of();
    }

    /** Whether it was decided too late, or waits at this time for a decision that is due. */
    public boolean lateAt(Instant now) {
        Instant decided = due.decidedAt();
        return decided == null ? state.undecided() && now.isAfter(due.by()) : decided.isAfter(due.by());
    }
}
