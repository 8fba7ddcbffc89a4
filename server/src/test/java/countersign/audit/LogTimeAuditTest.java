package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.key.KeyDesk;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.Revocation;
import countersign.gate.vote.Statement;
import countersign.log.LogEntry;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The time of a merge among the times of all that the log holds. */
final class LogTimeAuditTest {
    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @Test
    void a_clock_that_was_put_back_does_not_put_a_merge_before_its_votes() throws Exception {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");
        shop.now.updateAndGet(now -> now.minus(Duration.ofMinutes(4)));
        shop.changes().merge("raise-timeout");

        ClonedShop.Verdict verdict = cloned.verify();

        LogEntry.Merge merge = shop.merges.get(0);
        assertThat(merge.time()).isEqualTo(LogEntry.parse(shop.log().entry(1)).time());
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_server_that_dates_a_merge_before_any_entry_of_the_log_is_named() throws Exception {
        String fingerprint = Shop.key("carol-second").publicKey().fingerprint();
        Revocation revocation = shop.changes().keys().draft(new KeyDesk.Wish("carol", fingerprint, null, "", "manual"));
        String signature = Shop.key("carol").sign(Statement.NAMESPACE, revocation.bytes());
        shop.log()
                .append(LoggedRevocation.entry(
                        revocation.bytes(), signature, shop.now.get().plusSeconds(60)));
        shop.merged("raise-timeout", 60);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).containsExactly("time-goes-back");
        assertThat(verdict.independent()).contains("an entry before it had").endsWith("NOT VERIFIED\n");
    }
}
