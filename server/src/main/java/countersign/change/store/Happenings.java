package countersign.change.store;

import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.stop.LoggedStop;
import countersign.gate.vote.Vote;
import countersign.manifest.ChangeRequest;
import countersign.merge.Merged;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What has happened: to a change, found by comparing it with what is kept of it, so that keeping the same again tells
 * nothing; and by what was logged.
 * Thread-safe.
 */
public final class Happenings {
    private final InstantSource clock;
    private final BiFunction<Change, Integer, Optional<Rescheduling>> reschedulings;

    /** @param reschedulings what the push of a revision, by its index from 1, did to the window of a change */
    public Happenings(InstantSource clock, BiFunction<Change, Integer, Optional<Rescheduling>> reschedulings) {
        this.clock = clock;
        this.reschedulings = reschedulings;
    }

    /**
     * What happened to a change, in its order.
     *
     * @param before the change as it is kept; null if it is not
     */
    public List<Happening> between(@Nullable Change before, Change after) {
        List<Happening> all = new ArrayList<>();
        int known = before == null ? 0 : before.revisions().size();
        for (int number = known; number < after.revisions().size(); number++) {
            all.add(pushed(after, number));
            if (number > 0) {
                reschedulings.apply(after, number).ifPresent(moved -> all.add(rescheduled(after, moved)));
            }
        }
        Merged merged = after.merged();
        if (merged != null && (before == null || before.merged() == null)) {
            if (before != null && before.state() != ChangeState.APPROVED) {
                entered(before.withState(ChangeState.APPROVED)).ifPresent(all::add);
            }
            all.add(merged(after, merged));
            all.add(moved(after, merged));
        }
        after.units().stream()
                .filter(unit -> unit.receipt() >= 0
                        && (before == null || !before.units().contains(unit)))
                .forEach(unit -> all.add(reported(after, unit)));
        ChangeState state = before == null ? ChangeState.REVIEW : before.state();
        if (state != after.state()) {
            entered(after).ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    /** A statement that was logged. */
    public Happening voted(Vote vote) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("decision", vote.statement().decision().label());
        detail.put("role", vote.statement().role());
        detail.put("manifest", vote.statement().effect().manifest().hex());
        detail.put("logIndex", vote.index());
        return new Happening(
                EventType.CHANGE_VOTED,
                vote.loggedAt(),
                vote.statement().effect().change().name(),
                vote.statement().person(),
                detail);
    }

    /** A key that was revoked. */
    public Happening revoked(LoggedRevocation logged) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("key", logged.revocation().key());
        detail.put("since", logged.revocation().since());
        detail.put("reason", logged.revocation().reason());
        detail.put("logIndex", logged.index());
        return new Happening(
                EventType.KEY_REVOKED,
                logged.loggedAt(),
                null,
                logged.revocation().person(),
                detail);
    }

    /** An order to stop everything, or to go on. */
    public Happening ordered(LoggedStop logged) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("role", logged.order().role());
        detail.put("reason", logged.order().reason());
        detail.put("logIndex", logged.index());
        EventType type = logged.stops() ? EventType.EVERYTHING_STOPPED : EventType.EVERYTHING_RESUMED;
        return new Happening(type, logged.loggedAt(), null, logged.order().person(), detail);
    }

    private static Happening pushed(Change change, int number) {
        Change.Revision revision = change.revisions().get(number);
        Map<String, @Nullable Object> detail = about(change);
        detail.put("revision", number + 1);
        detail.put("commit", revision.commit());
        EventType type = number == 0 ? EventType.CHANGE_OPENED : EventType.CHANGE_REVISED;
        return new Happening(type, revision.at(), change.id().name(), revision.uploader(), detail);
    }

    private static Happening rescheduled(Change change, Rescheduling moved) {
        Map<String, @Nullable Object> detail = about(change);
        detail.put("revision", moved.revision());
        detail.put("from", window(moved.from()));
        detail.put("to", window(moved.to()));
        detail.put("reason", moved.reason());
        return new Happening(
                EventType.CHANGE_RESCHEDULED, moved.at(), change.id().name(), moved.person(), detail);
    }

    private static @Nullable Map<String, String> window(ChangeRequest.@Nullable Window window) {
        return window == null
                ? null
                : Map.of(
                        "notBefore", window.notBefore().toString(),
                        "notAfter", window.notAfter().toString());
    }

    private static Happening merged(Change change, Merged merged) {
        Map<String, @Nullable Object> detail = about(change);
        detail.put("commit", merged.commit());
        detail.put("manifest", merged.manifest().hex());
        detail.put("logIndex", merged.index());
        return new Happening(EventType.CHANGE_MERGED, merged.time(), change.id().name(), null, detail);
    }

    private static Happening moved(Change change, Merged merged) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("before", merged.before());
        detail.put("after", merged.commit());
        detail.put("logIndex", merged.index());
        return new Happening(EventType.MAIN_MOVED, merged.time(), change.id().name(), null, detail);
    }

    private Happening reported(Change change, Change.UnitOutcome unit) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("target", unit.unit().target());
        detail.put("system", unit.unit().system());
        detail.put("logIndex", unit.receipt());
        if (unit.reason() != null) {
            detail.put("reason", unit.reason());
        }
        EventType type = EventType.get("unit." + unit.outcome().toLowerCase(Locale.ROOT));
        return new Happening(type, now(), change.id().name(), null, detail);
    }

    /** The first state behind a merge is told by the merge. */
    private Optional<Happening> entered(Change change) {
        return change.state() == ChangeState.SCHEDULED
                ? Optional.empty()
                : Optional.of(new Happening(
                        EventType.get("change." + change.state().label()),
                        now(),
                        change.id().name(),
                        null,
                        about(change)));
    }

    private static Map<String, @Nullable Object> about(Change change) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("number", change.number());
        detail.put("title", change.title());
        detail.put("requester", change.requester());
        detail.put("state", change.state().label());
        return detail;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
