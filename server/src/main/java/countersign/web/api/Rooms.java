package countersign.web.api;

import countersign.access.TrustReader;
import countersign.account.Passwords;
import countersign.account.SignIn;
import countersign.account.TokenDesk;
import countersign.activity.ActivityLog;
import countersign.change.Changes;
import countersign.change.discussion.Discussions;
import countersign.change.event.EventLog;
import countersign.codec.Sha256;
import countersign.gate.calendar.Calendars;
import countersign.history.History;
import countersign.history.PastTrees;
import countersign.log.RecordLog;
import countersign.manifest.SystemUnits;
import countersign.manifest.Unit;
import countersign.notify.Webhooks;
import countersign.repository.Repository;
import countersign.web.events.Watchers;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the API speaks for.
 *
 * @param recorded digest of what the last receipt of a unit says stands there; empty for nothing, or if it is not known
 * @param url how people reach the server, without a final slash
 */
public record Rooms(
        Changes changes,
        Repository repository,
        RecordLog log,
        TrustReader trusts,
        SystemUnits systems,
        Calendars calendars,
        Function<Unit, Optional<Sha256>> recorded,
        TokenDesk tokens,
        SignIn signIn,
        Passwords passwords,
        History history,
        PastTrees past,
        EventLog events,
        Watchers watchers,
        Webhooks webhooks,
        ActivityLog activity,
        Discussions discussions,
        String url) {
    /** Whether main's head has a person with this name. */
    boolean isPerson(String name) {
        return trusts.read(repository.snapshot(changes.main())).findPerson(name).isPresent();
    }
}
