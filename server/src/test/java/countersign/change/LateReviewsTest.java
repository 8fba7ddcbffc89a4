package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reviews come later than the votes that they follow from; nobody who looks can tell. */
final class LateReviewsTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private Shop shop;

    @TempDir
    private Path folder;

    @BeforeEach
    void approve() {
        shop = Shop.open(folder);
        shop.opened("raise-timeout", 60);
        shop.soon = later::add;
        shop.approve("raise-timeout");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_change_that_is_read_right_after_its_last_vote_is_approved() {
        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.APPROVED);
        assertThat(shop.changes().get(1).state()).isEqualTo(ChangeState.APPROVED);
    }

    @Test
    void a_list_that_is_read_right_after_a_vote_has_it_too() {
        ChangeStore.Query approved = new ChangeStore.Query(null, ChangeState.APPROVED, 10);

        assertThat(shop.changes().list(approved)).extracting(Change::number).containsExactly(1L);
    }

    @Test
    void a_change_that_was_not_reviewed_yet_merges_and_stays_merged() {
        Change merged = shop.changes().merge("raise-timeout");

        while (!later.isEmpty()) {
            later.remove().run();
        }

        assertThat(merged.merged()).isNotNull();
        assertThat(shop.changes().get("raise-timeout")).isEqualTo(merged);
    }

    @Test
    void what_a_crash_kept_from_being_reviewed_is_reviewed_by_the_next_start() {
        Changes again = shop.restart(false, countersign.log.Faults.NONE);

        assertThat(again.get("raise-timeout").state()).isEqualTo(ChangeState.APPROVED);
    }
}
