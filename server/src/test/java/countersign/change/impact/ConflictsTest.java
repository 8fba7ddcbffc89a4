package countersign.change.impact;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.event.Event;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.change.store.Change;
import countersign.change.store.ChangeStore;
import countersign.change.store.InMemoryChangeStore;
import countersign.log.Faults;
import countersign.manifest.ChangeId;
import countersign.merge.Preview;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class ConflictsTest {
    private static final String TEST_SYSTEM = "systems/checkout/checkout-test.yaml";

    @AutoClose
    private final Shop shop = Shop.open();

    /** The changes that were previewed for a question. */
    private final List<String> asked = new ArrayList<>();

    @Test
    void a_push_that_meets_an_open_change_tells_of_it_on_both_sides_once() {
        shop.opened("longer", 60);

        shop.opened("shorter", 20);
        revise("shorter", 21);

        assertThat(conflicted())
                .hasSize(2)
                .anySatisfy(event -> assertThat(event.change()).isEqualTo("shorter"))
                .anySatisfy(event -> {
                    assertThat(event.change()).isEqualTo("longer");
                    assertThat(event.body())
                            .contains("\"other\":\"2026-11-21/shorter\"")
                            .contains("\"otherRequester\":\"ann\"")
                            .contains("\"paths\":[\"" + Shop.SYSTEM + "\"]")
                            .contains("\"targets\":[\"web-production\"]")
                            .contains("\"times\":\"same\"");
                });
    }

    @Test
    void a_change_that_something_else_is_touched_by_meets_nobody() {
        shop.opened("longer", 60);

        shop.open("ann", "elsewhere", Map.of(TEST_SYSTEM, Shop.system("test", 5)));

        assertThat(conflicted()).isEmpty();
        assertThat(conflicts("elsewhere")).isEmpty();
    }

    @Test
    void an_edit_of_either_side_ends_a_conflict_or_begins_one() {
        shop.opened("longer", 60);
        shop.open("ann", "other", Map.of(TEST_SYSTEM, Shop.system("test", 5)));
        assertThat(conflicts("other")).isEmpty();

        revise("other", 61);
        assertThat(conflicts("longer"))
                .extracting(conflict -> conflict.other().name())
                .containsExactly("other");
        assertThat(conflicts("other"))
                .extracting(conflict -> conflict.other().name())
                .containsExactly("longer");

        shop.changes()
                .revise(
                        "ann",
                        "longer",
                        Shop.opening("ann", "longer", Map.of(Shop.SYSTEM, Shop.system("production", 30))));
        assertThat(conflicts("other")).isEmpty();
    }

    @Test
    void what_is_merged_or_withdrawn_is_in_nobody_s_way() {
        shop.opened("longer", 60);
        shop.opened("shorter", 20);
        shop.opened("shortest", 10);

        shop.changes().withdraw("shorter", "ann");

        assertThat(conflicts("longer"))
                .extracting(conflict -> conflict.other().name())
                .containsExactly("shortest");
        shop.approve("longer");
        shop.changes().merge("longer");
        assertThat(shop.changes().outlook().conflicts("longer")).isEmpty();
    }

    @Test
    void what_was_open_before_a_start_is_known_after_it() {
        shop.opened("longer", 60);
        shop.restart(false, Faults.NONE);

        shop.opened("shorter", 20);

        assertThat(conflicts("shorter"))
                .extracting(conflict -> conflict.other().name())
                .containsExactly("longer");
    }

    @Test
    void windows_that_lie_apart_are_told_apart_and_others_by_what_they_share() {
        windowed("night", 60, "2026-11-22T00:00:00Z", "2026-11-22T06:00:00Z");
        windowed("morning", 20, "2026-11-22T05:00:00Z", "2026-11-22T09:00:00Z");
        windowed("evening", 10, "2026-11-22T18:00:00Z", "2026-11-22T20:00:00Z");

        assertThat(conflicts("night"))
                .extracting(Conflict::line)
                .containsExactly(
                        "2026-11-21/evening by ann \"Give checkout another time-out\": " + Shop.SYSTEM
                                + ", target web-production, at another time",
                        "2026-11-21/morning by ann \"Give checkout another time-out\": " + Shop.SYSTEM
                                + ", target web-production, from 2026-11-22T05:00:00Z to 2026-11-22T06:00:00Z");
    }

    @Test
    void what_was_open_before_a_start_is_looked_at_once_and_a_question_waits_for_what_is_left_of_it() {
        openMany();
        Conflicts conflicts = conflicts();

        conflicts.prepare(() -> asked.size() < 10);
        assertThat(asked).hasSize(10);
        conflicts.of(shop.changes().preview("longer"));
        conflicts.prepare(() -> true);

        assertThat(asked.subList(0, 32)).doesNotHaveDuplicates();
        assertThat(asked.subList(32, asked.size())).containsExactly("shorter");
    }

    @Test
    void only_changes_that_share_something_are_looked_at() {
        openMany();
        Conflicts conflicts = conflicts();
        Preview mine = shop.changes().preview("longer");
        conflicts.of(mine);
        asked.clear();

        List<Conflict> found = conflicts.of(mine);

        assertThat(found).extracting(conflict -> conflict.other().name()).containsExactly("shorter");
        assertThat(asked).containsExactly("shorter");
    }

    private void openMany() {
        for (int i = 0; i < 30; i++) {
            shop.open("ann", "note-" + i, Map.of("docs/note-" + i + ".md", "a note\n"));
        }
        shop.opened("longer", 60);
        shop.opened("shorter", 20);
    }

    /** Over what is open now, as after a start; notes what is previewed. */
    private Conflicts conflicts() {
        InMemoryChangeStore store = new InMemoryChangeStore();
        List<ChangeId> open = new ArrayList<>();
        OpenEffects effects = new OpenEffects();
        Function<Change, Preview> previews = change -> {
            asked.add(change.id().name());
            Preview preview = shop.changes().preview(change.id().name());
            effects.note(preview);
            return preview;
        };
        shop.changes().list(new ChangeStore.Query(null, null, 200)).forEach(change -> {
            store.save(change);
            open.add(change.id());
        });
        return new Conflicts(store, effects, () -> open, previews, ConflictsTest::nobody);
    }

    private static void nobody(ChangeId change, List<Happening> happenings) {
        throw new AssertionError(change + " met something: " + happenings);
    }

    private List<Conflict> conflicts(String name) {
        return shop.changes().outlook().conflicts(name);
    }

    private List<Event> conflicted() {
        return shop.events.list(0, 100).stream()
                .filter(event -> event.type() == EventType.CHANGE_CONFLICTED)
                .toList();
    }

    private void revise(String name, int timeout) {
        shop.changes()
                .revise(
                        "ann",
                        name,
                        Shop.opening("ann", name, Map.of(Shop.SYSTEM, Shop.system("production", timeout))));
    }

    private void windowed(String name, int timeout, String from, String to) {
        shop.open(
                "ann",
                name,
                Map.of(Shop.SYSTEM, Shop.system("production", timeout)),
                request -> request + "  window: {notBefore: \"" + from + "\", notAfter: \"" + to + "\"}\n");
    }
}
