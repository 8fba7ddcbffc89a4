package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import countersign.change.store.Change;
import countersign.change.store.ChangeState;
import countersign.change.store.ChangeStore;
import countersign.codec.Refusal;
import countersign.gate.vote.Decision;
import countersign.log.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A rollback has one name that it may have: nobody takes it away for good. */
final class RollbackAgainTest {
    private static final ChangeStore.Query ALL = new ChangeStore.Query(null, null, 100);

    @AutoClose
    private final Shop shop = Shop.open();

    @Test
    void a_rollback_that_was_withdrawn_is_opened_again_another_day_and_merges() {
        shop.merged("raise-timeout", 60);
        Change first = shop.changes().rollback("raise-timeout", "frank");
        shop.changes().withdraw(first.id().name(), "frank");
        shop.now.set(shop.now.get().plus(Duration.ofHours(20)));

        Change again = shop.changes().rollback("raise-timeout", "frank");
        shop.vote(again.id().name(), "frank", Decision.ROLLBACK, "operator");
        shop.changes().merge(again.id().name());

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.number()).isEqualTo(first.number());
        assertThat(again.revisions()).hasSize(2);
        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.ROLLED_BACK);
    }

    @Test
    void a_restart_without_the_database_knows_that_a_rollback_was_opened_again() {
        shop.merged("raise-timeout", 60);
        String name = shop.changes().rollback("raise-timeout", "frank").id().name();
        shop.changes().withdraw(name, "frank");
        shop.changes().rollback("raise-timeout", "frank");
        List<Change> open = shop.changes().list(ALL);
        assertThat(open).extracting(Change::state).doesNotContain(ChangeState.WITHDRAWN);

        assertThat(shop.restart(true, Faults.NONE).list(ALL)).isEqualTo(open);
        shop.changes().withdraw(name, "frank");
        List<Change> withdrawn = shop.changes().list(ALL);
        assertThat(shop.restart(true, Faults.NONE).list(ALL)).isEqualTo(withdrawn);

        shop.changes().rollback("raise-timeout", "frank");
        shop.vote(name, "frank", Decision.ROLLBACK, "operator");
        shop.changes().merge(name);
        List<Change> merged = shop.changes().list(ALL);
        assertThat(shop.restart(true, Faults.NONE).list(ALL)).isEqualTo(merged);
    }

    @Test
    void a_second_rollback_is_refused_by_the_name_of_the_one_that_is_open() {
        shop.merged("raise-timeout", 60);
        Change first = shop.changes().rollback("raise-timeout", "frank");

        refused("rollback-open", () -> shop.changes().rollback("raise-timeout", "frank"));
        assertThatThrownBy(() -> shop.changes().rollback("raise-timeout", "frank"))
                .hasMessageContaining(first.id().name())
                .hasMessageContaining("countersign change approve");
    }

    @Test
    void what_is_no_rollback_can_neither_take_the_name_of_one_nor_come_back_under_its_own() {
        Map<String, String> files = Map.of("README.md", "# Our shop\n");
        refused("name-reserved", () -> shop.open("bob", "rollback-20261121-raise-timeout", files));

        shop.open("bob", "rollback-plans", files);
        shop.changes().withdraw("rollback-plans", "bob");

        refused("duplicate-name", () -> shop.open("bob", "rollback-plans", files));
    }

    private static void refused(String rule, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.rule()).isEqualTo(rule));
    }
}
