package countersign.web.api;

import countersign.account.Action;
import countersign.apply.plan.Planner;
import countersign.web.account.AccountRoutes;
import countersign.web.activity.ActivityEndpoints;
import countersign.web.api.history.HistoryEndpoints;
import countersign.web.calendar.CalendarEndpoints;
import countersign.web.discussion.CommentEndpoints;
import countersign.web.events.ChangeFeed;
import countersign.web.events.EventEndpoints;
import countersign.web.http.Route;
import countersign.web.notify.WebhookEndpoints;
import java.util.List;
import java.util.stream.Stream;

/** The JSON API's table of contents; {@code openapi.yaml} says what each route takes and gives. */
public final class ApiRoutes {
    public static final String PREFIX = "/api/v1";

    private ApiRoutes() {}

    public static List<Route> list(Rooms rooms) {
        return Stream.of(
                        descriptions(rooms),
                        changes(rooms),
                        reviews(rooms),
                        repository(rooms),
                        log(rooms),
                        history(rooms),
                        comments(rooms),
                        events(rooms),
                        orders(rooms),
                        accounts(rooms))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Route> descriptions(Rooms rooms) {
        RepositoryEndpoints repository = new RepositoryEndpoints(rooms);
        SchemaEndpoints schemas = new SchemaEndpoints();
        return List.of(
                Route.get("/openapi.yaml", Action.PROBE, repository::openapi),
                Route.get(SchemaEndpoints.PREFIX, Action.PROBE, schemas::list),
                Route.get(SchemaEndpoints.PREFIX + "/{file}", Action.PROBE, schemas::get));
    }

    private static List<Route> changes(Rooms rooms) {
        ChangeEndpoints changes =
                new ChangeEndpoints(rooms.changes(), new ChangeFeed(rooms.events(), rooms.watchers()));
        return List.of(
                Route.get(PREFIX + "/changes", Action.READ, changes::list),
                Route.post(PREFIX + "/changes", Action.OPEN, changes::open),
                Route.get(PREFIX + "/changes/{name}", Action.READ, changes::get),
                Route.post(PREFIX + "/changes/{name}/revisions", Action.OPEN, changes::revise),
                Route.post(PREFIX + "/changes/{name}/merge", Action.MERGE, changes::merge),
                Route.post(PREFIX + "/changes/{name}/withdraw", Action.WITHDRAW, changes::withdraw),
                Route.post(PREFIX + "/changes/{name}/rollback", Action.ROLLBACK, changes::rollback),
                Route.post(PREFIX + "/recoveries", Action.OPEN, changes::recover));
    }

    private static List<Route> reviews(Rooms rooms) {
        ReviewEndpoints review = new ReviewEndpoints(rooms.changes(), new Planner(rooms.systems()));
        return List.of(
                Route.get(PREFIX + "/changes/{name}/manifest", Action.READ, review::manifest),
                Route.get(PREFIX + "/changes/{name}/plan", Action.READ, review::plan),
                Route.get(PREFIX + "/changes/{name}/diff", Action.READ, review::diff),
                Route.get(PREFIX + "/changes/{name}/findings", Action.READ, review::findings),
                Route.get(PREFIX + "/changes/{name}/impact", Action.READ, review::impact),
                Route.get(PREFIX + "/changes/{name}/risk", Action.READ, review::risk),
                Route.get(PREFIX + "/changes/{name}/conflicts", Action.READ, review::conflicts),
                Route.get(PREFIX + "/changes/{name}/schedule", Action.READ, review::schedule),
                Route.get(PREFIX + "/changes/{name}/gate", Action.READ, review::gate),
                Route.post(PREFIX + "/changes/{name}/statements", Action.VOTE, review::statement),
                Route.get(PREFIX + "/changes/{name}/votes", Action.READ, review::votes),
                Route.post(PREFIX + "/changes/{name}/votes", Action.VOTE, review::vote),
                Route.get(PREFIX + "/emergencies", Action.READ, review::emergencies));
    }

    private static List<Route> repository(Rooms rooms) {
        RepositoryEndpoints repository = new RepositoryEndpoints(rooms);
        TargetEndpoints targets = new TargetEndpoints(rooms);
        CalendarEndpoints calendars = new CalendarEndpoints(
                rooms.calendars(),
                () -> rooms.repository().snapshot(rooms.changes().main()),
                rooms.changes().logClock()::now);
        return List.of(
                Route.get(PREFIX + "/repository", Action.READ, repository::repository),
                Route.get(PREFIX + "/documents/<path>", Action.READ, repository::document)
                        .remembering(repository::rememberedDocument),
                Route.get(PREFIX + "/allowed-signers", Action.READ, repository::allowedSigners),
                Route.get(PREFIX + "/targets", Action.READ, targets::list),
                Route.get(
                        PREFIX + "/waivers",
                        Action.READ,
                        new WaiverEndpoints(rooms.changes().outlook())::list),
                Route.get(PREFIX + "/calendars", Action.READ, calendars::list),
                Route.get(PREFIX + "/calendar.ics", Action.READ, calendars::feed));
    }

    private static List<Route> log(Rooms rooms) {
        LogEndpoints log = new LogEndpoints(rooms.log());
        return List.of(
                Route.get(PREFIX + "/log/checkpoint", Action.READ, log::checkpoint),
                Route.get(PREFIX + "/log/tile/<path>", Action.READ, log::tile),
                Route.get(PREFIX + "/log/proof/{index}", Action.READ, log::proof),
                Route.get(PREFIX + "/log/entries", Action.READ, log::entries));
    }

    private static List<Route> history(Rooms rooms) {
        HistoryEndpoints history = new HistoryEndpoints(rooms.history(), rooms.past());
        return List.of(
                Route.get(PREFIX + "/history", Action.READ, history::list),
                Route.get(PREFIX + "/blame/<path>", Action.READ, history::blame),
                Route.get(PREFIX + "/state", Action.READ, history::state),
                Route.get(PREFIX + "/approvers", Action.READ, history::approvers));
    }

    private static List<Route> comments(Rooms rooms) {
        CommentEndpoints comments = new CommentEndpoints(rooms.discussions());
        String below = PREFIX + "/changes/{name}/comments";
        return List.of(
                Route.get(below, Action.READ, comments::list),
                Route.post(below, Action.COMMENT, comments::add),
                Route.patch(below + "/{id}", Action.COMMENT, comments::edit),
                Route.get(below + "/{id}/versions", Action.READ, comments::versions),
                Route.post(below + "/{id}/resolve", Action.COMMENT, comments::resolve),
                Route.post(below + "/{id}/reopen", Action.COMMENT, comments::reopen));
    }

    private static List<Route> events(Rooms rooms) {
        EventEndpoints events = new EventEndpoints(rooms.events(), rooms.watchers(), rooms.changes()::knows);
        ActivityEndpoints activity = new ActivityEndpoints(rooms.activity());
        WebhookEndpoints webhooks = new WebhookEndpoints(rooms.webhooks(), rooms.activity());
        return List.of(
                Route.get(PREFIX + "/events", Action.READ, events::list),
                Route.get(PREFIX + "/activity", Action.AUDIT, activity::list),
                Route.get(PREFIX + "/activity/segments", Action.AUDIT, activity::segments),
                Route.get(PREFIX + "/activity/segments/{segment}/<path>", Action.AUDIT, activity::file),
                Route.get(PREFIX + "/webhooks", Action.ADMINISTER, webhooks::list),
                Route.post(PREFIX + "/webhooks", Action.ADMINISTER, webhooks::create),
                Route.get(PREFIX + "/webhooks/{id}", Action.ADMINISTER, webhooks::get),
                Route.patch(PREFIX + "/webhooks/{id}", Action.ADMINISTER, webhooks::enable),
                Route.delete(PREFIX + "/webhooks/{id}", Action.ADMINISTER, webhooks::delete),
                Route.post(PREFIX + "/webhooks/{id}/ping", Action.ADMINISTER, webhooks::ping),
                Route.get(PREFIX + "/webhooks/{id}/deliveries", Action.ADMINISTER, webhooks::deliveries));
    }

    private static List<Route> orders(Rooms rooms) {
        KeyEndpoints keys = new KeyEndpoints(rooms.changes().keys());
        StopEndpoints stop = new StopEndpoints(rooms.changes().stop());
        return List.of(
                Route.get(PREFIX + "/stop", Action.READ, stop::show),
                Route.post(PREFIX + "/stop", Action.VOTE, stop::order),
                Route.post(PREFIX + "/stop/statements", Action.VOTE, stop::statement),
                Route.get(PREFIX + "/revocations", Action.READ, keys::list),
                Route.post(PREFIX + "/revocations", Action.VOTE, keys::revoke),
                Route.post(PREFIX + "/revocations/statements", Action.VOTE, keys::statement));
    }

    private static List<Route> accounts(Rooms rooms) {
        return new AccountRoutes(rooms.tokens(), rooms.signIn(), rooms.passwords(), rooms.activity(), rooms::isPerson)
                .list(PREFIX);
    }
}
