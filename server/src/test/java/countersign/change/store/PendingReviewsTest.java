package countersign.change.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.manifest.ChangeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is reviewed when, and when an entry of the log counts as settled. */
final class PendingReviewsTest {
    private static final ChangeId ONE = ChangeId.parse("2026-11-21/one");
    private static final ChangeId TWO = ChangeId.parse("2026-11-21/two");

    private final List<ChangeId> reviewed = new ArrayList<>();
    private final List<Long> settled = new ArrayList<>();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private boolean failing;
    private final PendingReviews pending = new PendingReviews(this::review, settled::addAll, soon::add);

    @Test
    void several_entries_about_one_change_cost_one_review_and_are_settled_by_it() {
        pending.add(7, List.of(ONE));
        pending.add(8, List.of(ONE));

        assertThat(reviewed).isEmpty();
        assertThat(soon).hasSize(1);
        twoRounds();

        assertThat(reviewed).containsExactly(ONE);
        assertThat(settled).containsExactly(7L, 8L);
        assertThat(soon).isEmpty();
    }

    @Test
    void what_came_since_the_last_round_waits_for_the_next() {
        pending.add(7, List.of(ONE));
        soon.remove().run();
        pending.add(8, List.of(ONE, TWO));

        soon.remove().run();

        assertThat(reviewed).containsExactly(ONE);
        assertThat(settled).containsExactly(7L);
        soon.remove().run();
        assertThat(reviewed).containsExactly(ONE, TWO);
        assertThat(settled).containsExactly(7L, 8L);
    }

    @Test
    void who_asks_for_a_change_has_it_reviewed_at_once_and_no_other() {
        pending.add(7, List.of(ONE, TWO));

        pending.finish(TWO);

        assertThat(reviewed).containsExactly(TWO);
        assertThat(settled).isEmpty();
    }

    @Test
    void who_asks_again_has_nothing_reviewed_again() {
        pending.add(7, List.of(ONE));
        pending.finish(ONE);

        pending.finish(ONE);
        twoRounds();

        assertThat(reviewed).containsExactly(ONE);
        assertThat(settled).containsExactly(7L);
    }

    @Test
    void an_entry_from_which_no_review_follows_is_settled_too() {
        pending.add(7, List.of());

        pending.finish();

        assertThat(settled).containsExactly(7L);
    }

    @Test
    void what_could_not_be_reviewed_stays_pending_and_its_entry_unsettled() {
        pending.add(7, List.of(ONE));
        soon.remove().run();
        failing = true;
        assertThatThrownBy(soon.remove()::run).isInstanceOf(IllegalStateException.class);
        assertThat(settled).isEmpty();
        failing = false;

        pending.add(8, List.of(TWO));
        twoRounds();

        assertThat(reviewed).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(settled).containsExactly(7L, 8L);
    }

    private void twoRounds() {
        soon.remove().run();
        soon.remove().run();
    }

    private void review(ChangeId change) {
        if (failing) {
            throw new IllegalStateException("the database is gone");
        }
        reviewed.add(change);
    }
}
