package countersign.change.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of events promises. */
public abstract class EventStoreContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private EventStore store;

    protected abstract EventStore store();

    @BeforeEach
    void opens() {
        store = store();
    }

    @Test
    void events_have_places_one_after_the_other() {
        store.append(happenings("one", "two"));
        store.append(happenings("three"));

        assertThat(store.list(0, 10)).extracting(Event::seq).containsExactly(1L, 2L, 3L);
        assertThat(store.list(0, 10)).extracting(Event::change).containsExactly("one", "two", "three");
        assertThat(store.newest()).isEqualTo(3);
    }

    @Test
    void an_event_is_read_as_it_was_kept() {
        store.append(List.of(new Happening(
                EventType.CHANGE_ROLLED_BACK, NOON, "raise-cache", "ann", Map.of("title", "提高缓存 \"30\""))));

        assertThat(store.list(0, 1))
                .containsExactly(new Event(
                        1,
                        EventType.CHANGE_ROLLED_BACK,
                        "raise-cache",
                        "{\"type\":\"change.rolled-back\",\"time\":\"2026-11-21T12:00:00Z\",\"change\":\"raise-cache\","
                                + "\"person\":\"ann\",\"detail\":{\"title\":\"提高缓存 \\\"30\\\"\"}}"));
    }

    @Test
    void what_follows_a_place_is_listed_up_to_a_limit() {
        store.append(happenings("one", "two", "three"));

        assertThat(store.list(1, 1)).extracting(Event::seq).containsExactly(2L);
        assertThat(store.list(3, 1)).isEmpty();
    }

    @Test
    void what_is_dropped_is_gone_and_its_places_are_never_given_again() {
        store.append(happenings("one", "two", "three"));

        store.drop(3);
        store.append(happenings("four"));

        assertThat(store.dropped()).isEqualTo(3);
        assertThat(store.list(0, 10)).extracting(Event::seq).containsExactly(4L);
    }

    @Test
    void a_cleared_store_is_another_stream() {
        String before = store.stream();
        store.append(happenings("one"));

        store.clear();

        assertThat(store.stream()).isNotEqualTo(before);
        assertThat(store.newest()).isZero();
        assertThat(store.list(0, 10)).isEmpty();
    }

    @Test
    void who_listens_is_told_each_list_in_its_order() {
        List<Event> told = new ArrayList<>();
        store.tell(told::addAll);

        store.append(happenings("one", "two"));
        store.append(List.of());
        store.append(happenings("three"));

        assertThat(told).isEqualTo(store.list(0, 10));
    }

    @Test
    void many_who_append_at_once_leave_no_gap() throws InterruptedException {
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(thread -> new Thread(() -> IntStream.range(0, 25)
                        .forEach(call -> store.append(happenings("of-" + thread, "of-" + thread)))))
                .toList();
        List<Event> told = new ArrayList<>();
        store.tell(told::addAll);

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(told)
                .extracting(Event::seq)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 200).mapToObj(Long::valueOf).toList());
        assertThat(store.list(0, 200)).isEqualTo(told);
    }

    protected static List<Happening> happenings(String... changes) {
        return List.of(changes).stream()
                .map(change -> new Happening(EventType.CHANGE_APPROVED, NOON, change, null, Map.of()))
                .toList();
    }
}
