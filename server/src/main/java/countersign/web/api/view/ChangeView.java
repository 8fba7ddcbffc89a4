package countersign.web.api.view;

import countersign.change.store.Change;
import countersign.merge.Merged;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change in answers.
 *
 * @param number counts the changes from 1
 * @param id day and name
 * @param name what paths call it
 * @param state where it stands
 * @param branch the branch to push revisions to
 * @param merged its merge; null before
 * @param template name of the template that it was made from; null if it was not
 * @param priority from 1, first, to 5
 * @param decideBy until when it is to be decided
 * @param decidedAt when the vote came that decided it; null while nobody has
 * @param waiting why its units are not begun with yet; null if nothing holds them up
 * @param late whether it was decided too late, or still waits for a decision that is due
 */
public record ChangeView(
        long number,
        String id,
        String name,
        String title,
        String type,
        String operation,
        @Nullable String of,
        String requester,
        String state,
        String branch,
        String openedAt,
        List<RevisionView> revisions,
        @Nullable MergedView merged,
        List<UnitView> units,
        @Nullable String template,
        int priority,
        String decideBy,
        @Nullable String decidedAt,
        boolean late,
        @Nullable String waiting) {
    /** A push of a change. */
    record RevisionView(String commit, String uploader, String at) {}

    /** A merge. */
    record MergedView(String commit, String before, long index, String time, String manifest) {}

    /**
     * What a receipt says of a unit.
     *
     * @param reason why it failed, was taken back or is held; null if all went well
     */
    record UnitView(
            String target,
            String system,
            String outcome,
            long receipt,
            @Nullable String reason) {}

    /**
     * A page of changes, newest first.
     *
     * @param next cursor of the next page; null on the last
     */
    public record Page(List<ChangeView> items, @Nullable String next) {}

    /**
     * A change as it stands at a time.
     *
     * @param waiting why its units are not begun with yet
     */
    public static ChangeView of(Change change, Instant now, @Nullable String waiting) {
        Instant decided = change.due().decidedAt();
        return new ChangeView(
                change.number(),
                change.id().toString(),
                change.id().name(),
                change.title(),
                change.type(),
                change.operation().label(),
                change.of() == null ? null : change.of().toString(),
                change.requester(),
                change.state().label(),
                change.id().branch(),
                change.openedAt().toString(),
                change.revisions().stream().map(ChangeView::of).toList(),
                of(change.merged()),
                change.units().stream().map(ChangeView::of).toList(),
                change.template(),
                change.due().priority(),
                change.due().by().toString(),
                decided == null ? null : decided.toString(),
                change.lateAt(now),
                waiting);
    }

    private static RevisionView of(Change.Revision revision) {
        return new RevisionView(
                revision.commit(), revision.uploader(), revision.at().toString());
    }

    private static @Nullable MergedView of(@Nullable Merged merged) {
        return merged == null
                ? null
                : new MergedView(
                        merged.commit(),
                        merged.before(),
                        merged.index(),
                        merged.time().toString(),
                        merged.manifest().hex());
    }

    private static UnitView of(Change.UnitOutcome unit) {
        return new UnitView(unit.unit().target(), unit.unit().system(), unit.outcome(), unit.receipt(), unit.reason());
    }
}
