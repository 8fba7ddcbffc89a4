package countersign.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.change.stop.StopDesk;
import countersign.codec.Refusal;
import countersign.gate.stop.StopOrder;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.log.Faults;
import countersign.log.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The machine's clock jumps between the steps of a change. */
final class ClockJumpTest {
    private static final Duration BIT = Duration.ofMinutes(4);

    private final Shop shop = Shop.open();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_clock_that_goes_back_a_bit_between_votes_and_merge_dates_no_entry_before_another() {
        shop.opened("raise-timeout", 60);
        shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver");
        Instant voted = shop.now.get();

        shop.now.set(voted.minus(BIT));
        shop.vote("raise-timeout", "dave", Decision.APPROVE, "approver");
        shop.vote("raise-timeout", "erin", Decision.APPROVE, "security");
        shop.changes().merge("raise-timeout");

        assertThat(times()).isSorted();
        assertThat(times().get(times().size() - 1)).isEqualTo(voted);
        shop.restart(false, Faults.NONE);
        shop.merged("raise-more", 90);
        assertThat(times()).isSorted();
    }

    @Test
    void nothing_is_merged_while_the_log_is_dated_an_hour_ahead_of_the_clock() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        Instant voted = shop.now.get();

        shop.now.set(voted.minus(Duration.ofHours(1)));
        Refusal refused =
                catchThrowableOfType(Refusal.class, () -> shop.changes().merge("raise-timeout"));
        shop.now.set(voted);
        shop.changes().merge("raise-timeout");

        assertThat(refused.rule()).isEqualTo("clock-behind-log");
        assertThat(times()).isSorted().last().isEqualTo(voted);
    }

    @Test
    void a_key_is_revoked_and_everything_stopped_whatever_the_clock_reads() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        shop.now.set(shop.now.get().minus(Duration.ofHours(1)));
        shop.revoke("carol", "carol", null);
        StopOrder stop = shop.changes()
                .stop()
                .draft(new StopDesk.Wish(
                        "frank", StopOrder.Decision.STOP, "change-control", "A broken time server.", "manual"));
        shop.changes().stop().order(stop.bytes(), Shop.key("frank").sign(Statement.NAMESPACE, stop.bytes()));

        assertThat(shop.changes().keys().present().fingerprints())
                .contains(Shop.key("carol").publicKey().fingerprint());
        assertThat(shop.changes().stop().standing()).isPresent();
        assertThat(times()).isSorted();
    }

    @Test
    void votes_are_not_in_force_any_more_after_a_clock_went_forward_a_year() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        shop.now.set(shop.now.get().plus(Duration.ofDays(365)));

        Refusal refused =
                catchThrowableOfType(Refusal.class, () -> shop.changes().merge("raise-timeout"));
        assertThat(refused.rule()).isEqualTo("requirement-unmet");
        assertThat(times()).isSorted();
    }

    private List<Instant> times() {
        return shop.log()
                .entries(0, shop.log().size())
                .map(LogEntry::parse)
                .map(LogEntry::time)
                .toList();
    }
}
