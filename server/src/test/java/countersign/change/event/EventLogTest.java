package countersign.change.event;

import static countersign.change.event.EventStoreContract.happenings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.codec.Refusal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EventLogTest {
    private final InMemoryEventStore store = new InMemoryEventStore();

    @Test
    void what_was_appended_is_read_behind_its_cursor() {
        EventLog log = new EventLog(store);
        Cursor start = log.newest();

        store.append(happenings("one", "two"));

        assertThat(log.newest().seq()).isEqualTo(2);
        assertThat(log.after(log.place(start), 10)).extracting(Event::change).containsExactly("one", "two");
        assertThat(log.after(1, 10)).extracting(Event::change).containsExactly("two");
        assertThat(log.after(2, 10)).isEmpty();
    }

    @Test
    void what_was_told_before_a_restart_is_read_from_the_store() {
        store.append(happenings("one", "two"));

        EventLog log = new EventLog(store);
        store.append(happenings("three"));
        log.publish();

        assertThat(log.remembers(0)).isFalse();
        assertThat(log.after(0, 10)).extracting(Event::change).containsExactly("one", "two", "three");
        assertThat(log.remembers(2)).isTrue();
    }

    @Test
    void memory_holds_the_newest_and_the_store_all() {
        EventLog log = new EventLog(store);
        for (int i = 0; i < EventLog.REMEMBERED + 10; i++) {
            store.append(happenings("change-" + i));
        }
        log.publish();

        assertThat(log.remembers(9)).isFalse();
        assertThat(log.remembers(10)).isTrue();
        assertThat(log.after(0, 2)).extracting(Event::change).containsExactly("change-0", "change-1");
        assertThat(log.after(10, 1)).extracting(Event::change).containsExactly("change-10");
    }

    @Test
    void a_cursor_of_another_stream_or_of_what_is_dropped_is_refused() {
        EventLog log = new EventLog(store);
        store.append(happenings("one", "two", "three"));
        log.publish();
        store.drop(2);

        assertRefused(log, new Cursor("other", 3), "cursor-gone");
        assertRefused(log, new Cursor(store.stream(), 1), "cursor-gone");
        assertRefused(log, new Cursor(store.stream(), 4), "cursor-gone");
        assertThat(log.place(new Cursor(store.stream(), 2))).isEqualTo(2);
    }

    @Test
    void a_text_that_is_no_cursor_is_refused() {
        assertThatThrownBy(() -> Cursor.parse("12"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo("malformed-cursor"));
    }

    @Test
    void listeners_are_told_on_another_thread() throws InterruptedException {
        EventLog log = new EventLog(store);
        CountDownLatch told = new CountDownLatch(1);
        Thread here = Thread.currentThread();
        log.addListener(new EventLog.Listener() {
            @Override
            public void told() {
                assertThat(Thread.currentThread()).isNotSameAs(here);
                told.countDown();
            }

            @Override
            public EventLog.Urgency urgency() {
                return EventLog.Urgency.NOW;
            }
        });
        log.start();

        store.append(happenings("one"));

        assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        log.stop();
    }

    @Test
    void events_that_nobody_listens_for_are_there_for_who_asks() {
        EventLog log = new EventLog(store);
        log.start();

        store.append(happenings("one", "two"));

        assertThat(log.newest().seq()).isEqualTo(2);
        assertThat(log.after(0, 10)).extracting(Event::change).containsExactly("one", "two");
        log.stop();
    }

    private static void assertRefused(EventLog log, Cursor cursor, String rule) {
        assertThatThrownBy(() -> log.place(cursor))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
    }
}
