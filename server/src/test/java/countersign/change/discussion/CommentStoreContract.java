package countersign.change.discussion;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.event.Event;
import countersign.change.event.EventStore;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.manifest.ChangeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of comments promises. */
public abstract class CommentStoreContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final ChangeId ONE = ChangeId.parse("2026-11-21/one");
    private static final ChangeId TWO = ChangeId.parse("2026-11-21/two");

    private CommentStore store;

    protected abstract CommentStore store();

    protected abstract EventStore events();

    @BeforeEach
    void opens() {
        store = store();
    }

    @Test
    void a_comment_is_found_as_it_was_added_with_what_happened_by_it() {
        Comment comment = comment(store.nextId(), ONE, null);

        store.add(comment, happened("one"));

        assertThat(store.find(comment.id())).contains(comment);
        assertThat(store.find(comment.id() + 1)).isEmpty();
        assertThat(events().list(0, 10)).extracting(Event::change).containsExactly("one");
    }

    @Test
    void what_it_said_before_is_kept() {
        Comment comment = comment(store.nextId(), ONE, null);
        Comment edited = comment.edited("second", NOON.plusSeconds(1));
        Comment again = edited.edited("第三", NOON.plusSeconds(2));
        Comment resolved = again.resolved(new Comment.Resolution("bob", NOON.plusSeconds(3)));
        store.add(comment, List.of());

        store.replace(comment, edited, List.of());
        store.replace(edited, again, List.of());
        store.replace(again, resolved, happened("one"));

        assertThat(store.find(comment.id())).contains(resolved);
        assertThat(store.versions(comment.id()))
                .containsExactly(
                        new Comment.Version(0, NOON, "first"), new Comment.Version(1, NOON.plusSeconds(1), "second"));
    }

    @Test
    void comments_of_a_change_are_listed_oldest_first_behind_an_id() {
        List<Long> ids = List.of(store.nextId(), store.nextId(), store.nextId());
        store.add(comment(ids.get(0), ONE, null), List.of());
        store.add(comment(ids.get(1), TWO, null), List.of());
        store.add(comment(ids.get(2), ONE, ids.get(0)), List.of());

        assertThat(list(ONE, 0, false, 10)).containsExactly(ids.get(0), ids.get(2));
        assertThat(list(ONE, ids.get(0), false, 10)).containsExactly(ids.get(2));
        assertThat(list(ONE, 0, false, 1)).containsExactly(ids.get(0));
        assertThat(store.count(ONE)).isEqualTo(2);
    }

    @Test
    void of_resolved_threads_replies_are_left_out_too() {
        Comment first = comment(store.nextId(), ONE, null);
        Comment reply = comment(store.nextId(), ONE, first.id());
        Comment other = comment(store.nextId(), ONE, null);
        List.of(first, reply, other).forEach(comment -> store.add(comment, List.of()));

        store.replace(first, first.resolved(new Comment.Resolution("bob", NOON)), List.of());

        assertThat(list(ONE, 0, true, 10)).containsExactly(other.id());
    }

    private List<Long> list(ChangeId change, long after, boolean unresolved, int limit) {
        return store.list(new CommentStore.Query(change, after, unresolved, limit)).stream()
                .map(Comment::id)
                .toList();
    }

    private static Comment comment(long id, ChangeId change, @Nullable Long thread) {
        Comment.Subject subject = new Comment.Subject("systems/a.yaml", 12, "floor", "0".repeat(40));
        return new Comment(id, change, thread == null ? id : thread, subject, "ann", NOON, "first", 0, null, null);
    }

    private static List<Happening> happened(String change) {
        return List.of(new Happening(EventType.COMMENT_ADDED, NOON, change, "ann", Map.of()));
    }
}
