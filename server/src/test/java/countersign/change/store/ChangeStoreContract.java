package countersign.change.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.change.event.Event;
import countersign.change.event.EventStore;
import countersign.change.event.EventType;
import countersign.change.event.Happening;
import countersign.change.store.ChangeStore.Order;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import countersign.manifest.Unit;
import countersign.merge.Merged;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every projection of changes promises. */
public abstract class ChangeStoreContract {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final Instant DUE = Instant.parse("2026-11-24T12:00:00Z");

    private ChangeStore store;

    protected abstract ChangeStore store();

    /** The events that the store appends to. */
    protected abstract EventStore events();

    @BeforeEach
    void opens() {
        store = store();
    }

    @Test
    void what_was_saved_is_found_unaltered_by_number_id_and_name() {
        Change change = full(7, "2026-11-21/raise-cache");

        store.save(change);

        assertThat(store.find(7)).contains(change);
        assertThat(store.find(change.id())).contains(change);
        assertThat(store.find("raise-cache")).contains(change);
    }

    @Test
    void an_unknown_change_is_not_found() {
        store.save(change(1, "2026-11-21/raise-cache", ChangeState.REVIEW));

        assertThat(store.find(2)).isEmpty();
        assertThat(store.find("lower-cache")).isEmpty();
        assertThat(store.find(ChangeId.parse("2026-11-22/raise-cache"))).isEmpty();
    }

    @Test
    void saving_again_replaces_the_change_with_that_number() {
        store.save(change(1, "2026-11-21/raise-cache", ChangeState.REVIEW));

        store.save(change(1, "2026-11-21/raise-cache", ChangeState.APPROVED));

        assertThat(store.find(1)).map(Change::state).contains(ChangeState.APPROVED);
        assertThat(store.list(new ChangeStore.Query(null, null, 10))).hasSize(1);
    }

    @Test
    void a_name_finds_the_newest_of_several_days() {
        store.save(change(2, "2026-11-22/raise-cache", ChangeState.REVIEW));
        store.save(change(1, "2026-11-21/raise-cache", ChangeState.WITHDRAWN));

        assertThat(store.find("raise-cache")).map(Change::number).contains(2L);
        assertThat(store.find(ChangeId.parse("2026-11-21/raise-cache")))
                .map(Change::number)
                .contains(1L);
    }

    @Test
    void changes_are_listed_newest_first_below_a_number_and_up_to_a_limit() {
        for (int number = 1; number <= 5; number++) {
            store.save(change(number, "2026-11-21/change-" + number, ChangeState.REVIEW));
        }

        assertThat(numbers(null, null, 2)).containsExactly(5L, 4L);
        assertThat(numbers(4L, null, 2)).containsExactly(3L, 2L);
        assertThat(numbers(2L, null, 2)).containsExactly(1L);
        assertThat(numbers(1L, null, 2)).isEmpty();
    }

    @Test
    void changes_are_listed_by_state() {
        store.save(change(1, "2026-11-21/one", ChangeState.REVIEW));
        store.save(change(2, "2026-11-21/two", ChangeState.ROLLED_BACK));
        store.save(change(3, "2026-11-21/three", ChangeState.REVIEW));

        assertThat(numbers(null, ChangeState.REVIEW, 10)).containsExactly(3L, 1L);
        assertThat(numbers(3L, ChangeState.REVIEW, 10)).containsExactly(1L);
        assertThat(numbers(null, ChangeState.ROLLED_BACK, 10)).containsExactly(2L);
        assertThat(numbers(null, ChangeState.FAILED, 10)).isEmpty();
    }

    @Test
    void what_waits_for_a_decision_is_listed_by_deadline_and_by_priority() {
        store.save(waiting(1, ChangeState.REVIEW, 3, DUE.plusSeconds(9)));
        store.save(waiting(2, ChangeState.DRAFT, 5, DUE));
        store.save(waiting(3, ChangeState.REVIEW, 1, DUE.plusSeconds(9)));
        store.save(waiting(4, ChangeState.APPROVED, 1, DUE));
        store.save(waiting(5, ChangeState.REVIEW, 3, DUE.plusSeconds(5)));

        assertThat(waiting(Order.DEADLINE, null, null, 10)).containsExactly(2L, 5L, 1L, 3L);
        assertThat(waiting(Order.PRIORITY, null, null, 10)).containsExactly(3L, 5L, 1L, 2L);
        assertThat(waiting(Order.DEADLINE, 5L, null, 1)).containsExactly(1L);
        assertThat(waiting(Order.DEADLINE, 1L, null, 10)).containsExactly(3L);
        assertThat(waiting(Order.PRIORITY, 5L, null, 10)).containsExactly(1L, 2L);
        assertThat(waiting(Order.DEADLINE, null, DUE.plusSeconds(9), 10)).containsExactly(2L, 5L);
    }

    @Test
    void the_last_order_to_stop_is_remembered() {
        assertThat(store.stop()).isEmpty();

        store.setStop(7);
        store.setStop(4);

        assertThat(store.stop()).contains(7L);
        store.clear();
        assertThat(store.stop()).isEmpty();
    }

    @Test
    void an_order_to_stop_is_told_once_and_an_earlier_one_never() {
        store.setStop(7, List.of(happening(EventType.EVERYTHING_STOPPED)));
        store.setStop(7, List.of(happening(EventType.EVERYTHING_STOPPED)));
        store.setStop(4, List.of(happening(EventType.EVERYTHING_STOPPED)));
        store.setStop(8, List.of(happening(EventType.EVERYTHING_RESUMED)));

        assertThat(events().list(0, 10))
                .extracting(Event::type)
                .containsExactly(EventType.EVERYTHING_STOPPED, EventType.EVERYTHING_RESUMED);
    }

    @Test
    void a_revocation_is_told_once() {
        store.addRevocation(9, List.of(happening(EventType.KEY_REVOKED)));
        store.addRevocation(9, List.of(happening(EventType.KEY_REVOKED)));

        assertThat(events().list(0, 10)).extracting(Event::type).containsExactly(EventType.KEY_REVOKED);
    }

    private static Happening happening(EventType type) {
        return new Happening(type, NOON, null, "frank", Map.of());
    }

    @Test
    void what_failed_is_found_by_its_template() {
        store.save(full(7, "2026-11-21/seven"));
        store.save(change(8, "2026-11-21/eight", ChangeState.FAILED));

        assertThat(store.failed("tune-storefront")).extracting(Change::number).containsExactly(7L);
        assertThat(store.failed("another")).isEmpty();
    }

    @Test
    void what_failed_is_found_by_the_system_where_it_did() {
        Change failed = change(7, "2026-11-21/seven", ChangeState.FAILED)
                .withOutcome(new Change.UnitOutcome(new Unit("web", "storefront"), "failed", 3, "disk-full: no space"))
                .withOutcome(new Change.UnitOutcome(new Unit("web", "checkout"), "held", 4, null));
        store.save(failed);
        store.save(change(8, "2026-11-21/eight", ChangeState.FAILED)
                .withOutcome(new Change.UnitOutcome(new Unit("web", "basket"), "rolled-back", 5, null)));
        store.save(change(9, "2026-11-21/nine", ChangeState.CONFIRMED)
                .withOutcome(new Change.UnitOutcome(new Unit("web", "storefront"), "applied", 6, null)));

        assertThat(store.failedAt("storefront")).extracting(Change::number).containsExactly(7L);
        assertThat(store.failedAt("basket")).extracting(Change::number).containsExactly(8L);
        assertThat(store.failedAt("another")).isEmpty();
    }

    @Test
    void decisions_that_are_late_are_counted() {
        store.save(waiting(1, ChangeState.REVIEW, 3, DUE));
        store.save(waiting(2, ChangeState.DRAFT, 3, DUE.plusSeconds(1)));
        store.save(waiting(3, ChangeState.REJECTED, 3, DUE));

        assertThat(store.late(DUE)).isZero();
        assertThat(store.late(DUE.plusSeconds(1))).isEqualTo(1);
        assertThat(store.late(DUE.plusSeconds(2))).isEqualTo(2);
    }

    @Test
    void a_limit_of_nothing_or_too_much_is_refused() {
        Refusal none = catchThrowableOfType(Refusal.class, () -> numbers(null, null, 0));
        Refusal many = catchThrowableOfType(Refusal.class, () -> numbers(null, null, 201));

        assertThat(none.rule()).isEqualTo("limit-out-of-range");
        assertThat(many.rule()).isEqualTo("limit-out-of-range");
    }

    @Test
    void the_highest_number_is_known_and_is_nothing_at_first() {
        assertThat(store.highestNumber()).isZero();

        store.save(change(9, "2026-11-21/nine", ChangeState.REVIEW));
        store.save(change(3, "2026-11-21/three", ChangeState.REVIEW));

        assertThat(store.highestNumber()).isEqualTo(9);
    }

    @Test
    void votes_are_kept_once_each_in_the_order_of_the_log() {
        ChangeId one = ChangeId.parse("2026-11-21/one");

        store.addVote(one, 12);
        store.addVote(one, 3);
        store.addVote(one, 12);

        assertThat(store.votes(one)).containsExactly(3L, 12L);
        assertThat(store.newestVote()).isEqualTo(12);
        assertThat(store.votes(ChangeId.parse("2026-11-22/one"))).isEmpty();
    }

    @Test
    void how_much_of_the_log_was_seen_never_shrinks() {
        assertThat(store.projected()).isZero();

        store.setProjected(5);
        store.setProjected(4);

        assertThat(store.projected()).isEqualTo(5);
    }

    @Test
    void revocations_and_emergencies_are_remembered_once_and_in_order() {
        store.addRevocation(9);
        store.addRevocation(4);
        store.addRevocation(9);
        store.addEmergency(7);
        store.addEmergency(7);

        assertThat(store.revocations()).containsExactly(4L, 9L);
        assertThat(store.emergencies()).containsExactly(7L);
    }

    @Test
    void clearing_forgets_everything_and_leaves_a_store_that_works() {
        ChangeId one = ChangeId.parse("2026-11-21/one");
        store.save(change(1, "2026-11-21/one", ChangeState.REVIEW));
        store.addVote(one, 3);
        store.addRevocation(4);
        store.addEmergency(5);
        store.setProjected(5);

        store.clear();

        assertThat(store.find(1)).isEmpty();
        assertThat(store.votes(one)).isEmpty();
        assertThat(store.newestVote()).isEqualTo(-1);
        assertThat(store.revocations()).isEmpty();
        assertThat(store.emergencies()).isEmpty();
        assertThat(store.projected()).isZero();
        store.setProjected(2);
        assertThat(store.projected()).isEqualTo(2);
    }

    @Test
    void what_failed_and_was_taken_back_keeps_the_reason_for_which_it_failed() {
        Unit unit = new Unit("web", "storefront");
        Change failed = change(7, "2026-11-21/seven", ChangeState.FAILED)
                .withOutcome(new Change.UnitOutcome(unit, "failed", 3, "health-failed: no page"));
        store.save(failed.withOutcome(new Change.UnitOutcome(unit, "rolled-back", 4, "a unit failed")));

        assertThat(store.find(7).orElseThrow().units())
                .containsExactly(new Change.UnitOutcome(unit, "rolled-back", 4, "health-failed: no page"));
    }

    private List<Long> numbers(Long below, ChangeState state, int limit) {
        return store.list(new ChangeStore.Query(below, state, limit)).stream()
                .map(Change::number)
                .toList();
    }

    private List<Long> waiting(Order order, Long after, Instant dueBefore, int limit) {
        Change last = after == null ? null : store.find(after).orElseThrow();
        return store.waiting(new ChangeStore.Waiting(order, last, dueBefore, limit)).stream()
                .map(Change::number)
                .toList();
    }

    private static Change waiting(long number, ChangeState state, int priority, Instant by) {
        Change change = change(number, "2026-11-21/change-" + number, state);
        return new Change(
                number,
                change.id(),
                change.title(),
                change.type(),
                change.operation(),
                null,
                change.requester(),
                state,
                change.revisions(),
                null,
                List.of(),
                null,
                new Change.Due(priority, by, null));
    }

    /** A change without merge and receipts. */
    protected static Change change(long number, String id, ChangeState state) {
        return new Change(
                number,
                ChangeId.parse(id),
                "Raise the cache: 提高缓存",
                "normal",
                Operation.APPLY,
                null,
                "ann",
                state,
                List.of(new Change.Revision("a".repeat(40), "ann", NOON)),
                null,
                List.of(),
                null,
                new Change.Due(3, DUE, null));
    }

    private static Change full(long number, String id) {
        return new Change(
                number,
                ChangeId.parse(id),
                "Take the cache back",
                "emergency",
                Operation.ROLLBACK,
                ChangeId.parse("2026-11-20/raise-cache"),
                "ann",
                ChangeState.ROLLED_BACK,
                List.of(
                        new Change.Revision("a".repeat(40), "ann", NOON),
                        new Change.Revision("b".repeat(40), "bob", NOON.plusSeconds(5))),
                new Merged("c".repeat(40), "d".repeat(40), 42, NOON, Sha256.of(new byte[] {1})),
                List.of(
                        new Change.UnitOutcome(new Unit("shop-1", "storefront"), "applied", 43, null),
                        new Change.UnitOutcome(
                                new Unit("shop-2", "storefront"), "rolled-back", 44, "health-failed: cache-is-set")),
                "tune-storefront",
                new Change.Due(1, DUE, DUE.plusSeconds(60)));
    }
}
