package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.key.KeyDesk;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.Revocation;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is said of a clone whose log revokes keys. */
final class RevokedKeyAuditTest {
    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @Test
    void a_retired_key_leaves_what_it_signed_before_as_it_is() throws Exception {
        shop.merged("raise-timeout", 60);
        shop.revoke("dave", "dave", null);
        shop.opened("raise-more", 90);
        shop.vote("raise-more", "carol", Decision.APPROVE, "approver");

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.good()).isTrue();
        assertThat(verdict.text()).contains("revoked: retired").doesNotContain("TAINTED");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void what_a_compromised_key_helped_to_merge_is_named_until_others_change_it_again() throws Exception {
        shop.merged("raise-timeout", 60);
        shop.open("ann", "grant-bob", Map.of("access/grants/bob-approver.yaml", Shop.grant("bob", "approver")));
        shop.vote("grant-bob", "carol", Decision.APPROVE, "approver", Shop.key("carol-second"));
        shop.vote("grant-bob", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("grant-bob");
        shop.revoke("carol", "carol", 1L);

        ClonedShop.Verdict tainted = cloned.verify();
        shop.opened("lower-timeout", 15);
        shop.vote("lower-timeout", "dave", Decision.APPROVE, "approver");
        shop.vote("lower-timeout", "bob", Decision.APPROVE, "approver");
        shop.vote("lower-timeout", "erin", Decision.APPROVE, "security");
        shop.changes().merge("lower-timeout");
        ClonedShop.Verdict again = cloned.verify();

        assertThat(tainted.good()).isFalse();
        assertThat(tainted.rules()).containsExactly("tainted-state");
        assertThat(tainted.text())
                .contains("TAINTED: production counts the compromised key")
                .contains(Shop.SYSTEM + ": stands as #1 2026-11-21/raise-timeout left it");
        assertThat(tainted.independentlyGood()).isFalse();
        assertThat(tainted.independent()).contains("tainted-state").contains(Shop.SYSTEM);
        assertThat(again.rules()).isEmpty();
        assertThat(again.independentlyGood()).as(again.independent()).isTrue();
    }

    @Test
    void a_merge_that_had_signatures_enough_without_the_compromised_key_is_not_tainted() throws Exception {
        shop.open("ann", "readme", Map.of("README.md", "# Our shop\n"));
        shop.vote("readme", "carol", Decision.APPROVE, "approver");
        shop.vote("readme", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("readme");
        shop.revoke("dave", "dave", 0L);

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.good()).isTrue();
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_server_that_logs_a_vote_by_a_revoked_key_is_named() throws Exception {
        shop.opened("raise-timeout", 60);
        Statement statement = shop.draft("raise-timeout", "dave", Decision.APPROVE, "approver");
        String signature = Shop.key("dave").sign(Statement.NAMESPACE, statement.bytes());
        shop.revoke("dave", "dave", null);
        shop.log().append(Vote.entry(statement.bytes(), signature, shop.now.get()));

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).containsExactly("key-revoked");
        assertThat(verdict.independentlyGood()).isFalse();
        assertThat(verdict.independent()).contains("was revoked");
    }

    @Test
    void a_server_that_lets_one_person_revoke_the_key_of_another_is_named() throws Exception {
        String fingerprint = Shop.key("dave").publicKey().fingerprint();
        Revocation revocation = shop.changes().keys().draft(new KeyDesk.Wish("carol", fingerprint, null, "", "manual"));
        shop.log().append(revocation(revocation.bytes(), "carol"));

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).containsExactly("key-of-another");
        assertThat(verdict.independent()).contains("is not carol's key").endsWith("NOT VERIFIED\n");
    }

    @Test
    void a_revocation_with_other_words_than_were_signed_is_named() throws Exception {
        String fingerprint = Shop.key("dave").publicKey().fingerprint();
        Revocation revocation =
                shop.changes().keys().draft(new KeyDesk.Wish("dave", fingerprint, null, "lost", "manual"));
        LogEntry.Revocation honest = revocation(revocation.bytes(), "dave");
        shop.log()
                .append(new LogEntry.Revocation(
                        honest.statement().replace("\"since\":null", "\"since\":1"),
                        honest.signature(),
                        honest.time()));

        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(verdict.rules()).containsExactly("bad-signature");
        assertThat(verdict.independentlyGood()).isFalse();
    }

    private LogEntry.Revocation revocation(byte[] bytes, String signer) {
        assertThat(new String(bytes, StandardCharsets.UTF_8)).endsWith("\n");
        return LoggedRevocation.entry(bytes, Shop.key(signer).sign(Statement.NAMESPACE, bytes), shop.now.get());
    }
}
