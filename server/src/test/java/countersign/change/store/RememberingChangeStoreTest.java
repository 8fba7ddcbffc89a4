package countersign.change.store;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.EventStore;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.change.event.InMemoryEventStore;
import countersign.manifest.ChangeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Remembers so little that half of what the contract asks is read again. */
final class RememberingChangeStoreTest extends ChangeStoreContract {
    private final InMemoryEventStore events = new InMemoryEventStore();
    private final ChangeStore behind = new InMemoryChangeStore(events);
    private final ChangeStore remembering = new RememberingChangeStore(behind, 2);

    @Override
    protected ChangeStore store() {
        return remembering;
    }

    @Override
    protected EventStore events() {
        return events;
    }

    @Test
    void everything_written_is_in_the_store_behind() {
        Change change = change(1, "2026-11-21/one", ChangeState.REVIEW);

        remembering.save(change);
        remembering.addVote(change.id(), 7);
        remembering.setProjected(8);

        assertThat(behind.find(1)).contains(change);
        assertThat(behind.votes(change.id())).containsExactly(7L);
        assertThat(behind.projected()).isEqualTo(8);
    }

    @Test
    void a_name_that_was_free_when_asked_for_is_found_once_it_is_taken() {
        assertThat(remembering.find("one")).isEmpty();
        assertThat(remembering.find(ChangeId.parse("2026-11-21/one"))).isEmpty();

        remembering.save(change(1, "2026-11-21/one", ChangeState.REVIEW));

        assertThat(remembering.find("one")).map(Change::number).contains(1L);
        assertThat(remembering.find(ChangeId.parse("2026-11-21/one")))
                .map(Change::number)
                .contains(1L);
    }

    @Test
    void a_change_whose_name_was_free_is_found_by_its_id_without_the_store_behind() {
        remembering.find("one");
        remembering.save(change(1, "2026-11-21/one", ChangeState.REVIEW));
        behind.clear();

        assertThat(remembering.find(ChangeId.parse("2026-11-21/one"))).isPresent();
    }

    @Test
    void a_remembered_name_passes_to_the_newer_change_and_never_back() {
        remembering.save(change(1, "2026-11-21/one", ChangeState.WITHDRAWN));
        assertThat(remembering.find("one")).map(Change::number).contains(1L);

        remembering.save(change(2, "2026-11-22/one", ChangeState.REVIEW));
        remembering.save(change(1, "2026-11-21/one", ChangeState.WITHDRAWN));

        assertThat(remembering.find("one")).map(Change::number).contains(2L);
    }

    @Test
    void who_is_told_of_a_change_finds_it_as_it_is_told() {
        remembering.find("one");
        List<ChangeState> seen = new ArrayList<>();
        events.tell(told ->
                seen.addAll(remembering.find("one").map(Change::state).stream().toList()));

        Change review = change(1, "2026-11-21/one", ChangeState.REVIEW);
        remembering.save(review, List.of(happened("change.review")));
        remembering.save(review.withState(ChangeState.WITHDRAWN), List.of(happened("change.withdrawn")));

        assertThat(seen).containsExactly(ChangeState.REVIEW, ChangeState.WITHDRAWN);
    }

    @Test
    void who_is_told_of_a_vote_finds_it() {
        ChangeId one = ChangeId.parse("2026-11-21/one");
        assertThat(remembering.votes(one)).isEmpty();
        List<Long> seen = new ArrayList<>();
        events.tell(told -> seen.addAll(remembering.votes(one)));

        remembering.addVote(one, 7, List.of(happened("change.voted")));

        assertThat(seen).containsExactly(7L);
    }

    private static Happening happened(String type) {
        return new Happening(EventType.get(type), Instant.parse("2026-11-21T12:00:00Z"), "one", null, Map.of());
    }

    @Test
    void what_is_forgotten_is_read_again() {
        for (int number = 1; number <= 5; number++) {
            remembering.save(change(number, "2026-11-21/change-" + number, ChangeState.REVIEW));
            remembering.addVote(ChangeId.parse("2026-11-21/change-" + number), number);
        }

        assertThat(remembering.find(1)).isPresent();
        assertThat(remembering.find("change-1")).isPresent();
        assertThat(remembering.votes(ChangeId.parse("2026-11-21/change-1"))).containsExactly(1L);
    }
}
