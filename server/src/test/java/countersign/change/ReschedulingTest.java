package countersign.change;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.Event;
import countersign.change.event.EventType;
import countersign.change.record.Schedule;
import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.Rescheduling;
import countersign.change.wish.Opening;
import countersign.log.Faults;
import countersign.manifest.ChangeRequest;
import countersign.repository.Edit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The window of an open change is moved. */
final class ReschedulingTest {
    private static final String NIGHT = "{notBefore: \"2026-11-21T22:00:00Z\", notAfter: \"2026-11-21T23:00:00Z\"}";
    private static final String MORNING =
            "{notBefore: \"2026-11-22T05:00:00Z\", notAfter: \"2026-11-22T06:00:00Z\", reason: The bank asked for it.}";

    @AutoClose
    private final Shop shop = Shop.open();

    @Test
    void a_move_is_recorded_with_both_windows_who_made_it_and_why() {
        open(NIGHT);

        Change moved = revise(MORNING, "Later");

        Schedule schedule = shop.changes().outlook().schedule("longer");
        assertThat(schedule.window()).isEqualTo(window("2026-11-22T05:00:00Z", "2026-11-22T06:00:00Z"));
        assertThat(schedule.moved())
                .containsExactly(new Rescheduling(
                        2,
                        window("2026-11-21T22:00:00Z", "2026-11-21T23:00:00Z"),
                        window("2026-11-22T05:00:00Z", "2026-11-22T06:00:00Z"),
                        "The bank asked for it.",
                        "ann",
                        moved.tip().at()));
    }

    @Test
    void a_move_is_an_event_of_its_own_and_other_edits_are_none() {
        open(NIGHT);
        revise(NIGHT, "The same time");
        revise(MORNING, "Later");

        assertThat(rescheduled()).singleElement().satisfies(event -> {
            assertThat(event.change()).isEqualTo("longer");
            assertThat(event.body())
                    .contains("\"person\":\"ann\"")
                    .contains("\"revision\":3")
                    .contains("\"reason\":\"The bank asked for it.\"")
                    .contains("\"from\":{")
                    .contains("2026-11-21T22:00:00Z")
                    .contains("2026-11-22T06:00:00Z");
        });
    }

    @Test
    void where_the_request_gives_no_reason_the_commit_does() {
        open(NIGHT);

        revise(
                "{notBefore: \"2026-11-21T20:00:00Z\", notAfter: \"2026-11-21T21:00:00Z\"}",
                "Go home earlier\n\nPlease.");
        revise(null, "Any time is good");

        assertThat(shop.changes().outlook().schedule("longer").moved())
                .extracting(Rescheduling::reason)
                .containsExactly("Go home earlier", "Any time is good");
        assertThat(shop.changes().outlook().schedule("longer").window()).isNull();
    }

    @Test
    void a_move_voids_the_votes_and_outside_of_the_approved_window_nothing_merges() {
        open(NIGHT);
        shop.approve("longer");
        shop.now.set(Instant.parse("2026-11-21T21:59:59Z"));
        assertThat(refusalOf(() -> shop.changes().merge("longer"))).hasMessageContaining("2026-11-21T22:00:00Z");

        revise("{notBefore: \"2026-11-21T21:00:00Z\", notAfter: \"2026-11-21T23:00:00Z\"}", "Earlier");

        assertThat(shop.changes().get("longer").state()).isEqualTo(ChangeState.REVIEW);
        assertThat(refusalOf(() -> shop.changes().merge("longer")).rule()).isEqualTo("requirement-unmet");
        shop.approve("longer");
        assertThat(shop.changes().merge("longer").merged()).isNotNull();
    }

    @Test
    void a_database_that_is_made_anew_knows_every_move() {
        open(NIGHT);
        revise(MORNING, "Later");

        shop.restart(true, Faults.NONE);

        assertThat(shop.changes().outlook().schedule("longer").moved()).hasSize(1);
    }

    private void open(String window) {
        shop.open("ann", "longer", Map.of(Shop.SYSTEM, Shop.system("production", 60)), with(window));
    }

    private Change revise(String window, String message) {
        String path = "changes/" + Shop.DAY + "/longer.yaml";
        Map<String, Edit> edits =
                new HashMap<>(Shop.opening("ann", "longer", Map.of(Shop.SYSTEM, Shop.system("production", 60)))
                        .edits());
        String request = new String(((Edit.Write) edits.get(path)).bytes(), StandardCharsets.UTF_8);
        edits.put(path, Shop.write(window == null ? request : with(window).apply(request)));
        return shop.changes().revise("ann", "longer", new Opening(message, edits));
    }

    private static UnaryOperator<String> with(String window) {
        return request -> request + "  window: " + window + "\n";
    }

    private static ChangeRequest.Window window(String from, String to) {
        return new ChangeRequest.Window(Instant.parse(from), Instant.parse(to));
    }

    private List<Event> rescheduled() {
        return shop.events.list(0, 100).stream()
                .filter(event -> event.type() == EventType.CHANGE_RESCHEDULED)
                .toList();
    }
}
