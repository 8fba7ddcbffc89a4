package countersign.change.key;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.store.ChangeState;
import countersign.codec.Refusal;
import countersign.gate.key.Revocation;
import countersign.gate.key.RevokedKeys;
import countersign.gate.vote.Decision;
import countersign.gate.vote.Statement;
import countersign.log.Faults;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class KeyDeskTest {
    @AutoClose
    private final Shop shop = Shop.open();

    @Test
    void a_vote_by_a_key_that_is_revoked_before_the_merge_never_counts() {
        shop.opened("raise-timeout", 60);
        shop.approve("raise-timeout");

        shop.revoke("dave", "dave", null);

        assertThat(shop.changes().get("raise-timeout").state()).isEqualTo(ChangeState.REVIEW);
        Refusal refusal = refusalOf(() -> shop.changes().merge("raise-timeout"));
        assertThat(refusal.rule()).isEqualTo("requirement-unmet");
        assertThat(refusal).hasMessageContaining("dave (key-revoked)");
    }

    @Test
    void a_revoked_key_signs_nothing_more_and_another_key_of_the_person_does() {
        shop.opened("raise-timeout", 60);
        shop.revoke("carol", "carol", null);

        Refusal refusal = refusalOf(() -> shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver"));

        assertThat(refusal.rule()).isEqualTo("key-revoked");
        shop.vote("raise-timeout", "carol", Decision.APPROVE, "approver", Shop.key("carol-second"));
    }

    @Test
    void people_revoke_only_keys_of_their_own() {
        assertThat(refusalOf(() -> shop.revoke("carol", "dave", null)).rule()).isEqualTo("key-of-another");
        assertThat(refusalOf(() -> shop.revoke("carol", "server", null)).rule()).isEqualTo("key-of-another");
        assertThat(refusalOf(() -> shop.revoke("stranger", "stranger", null)).rule())
                .isEqualTo("unknown-key");
    }

    @Test
    void a_revoked_key_revokes_no_other() {
        shop.revoke("carol", "carol", null);
        Revocation other = draft("carol", "carol-second", null);

        Refusal refusal = refusalOf(() -> hand(other.bytes(), "carol"));

        assertThat(refusal.rule()).isEqualTo("key-revoked");
    }

    @Test
    void a_key_is_retired_once_and_may_turn_out_to_be_compromised_since_earlier() {
        shop.merged("raise-timeout", 60);
        hand(draft("carol", "carol", null).bytes(), "carol-second");
        Revocation again = draft("carol", "carol", null);
        Revocation worse = draft("carol", "carol", 2L);
        Revocation lesser = draft("carol", "carol", 3L);

        Refusal repeated = refusalOf(() -> hand(again.bytes(), "carol-second"));
        hand(worse.bytes(), "carol-second");
        Refusal narrowed = refusalOf(() -> hand(lesser.bytes(), "carol-second"));

        assertThat(repeated.rule()).isEqualTo("already-revoked");
        assertThat(narrowed.rule()).isEqualTo("already-revoked");
        assertThat(shop.changes().keys().revoked())
                .extracting(RevokedKeys.Entry::index, RevokedKeys.Entry::since)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(5L, 2L));
    }

    @Test
    void a_key_is_not_compromised_since_the_future() {
        assertThat(refusalOf(() -> shop.revoke("carol", "carol", 99L)).rule()).isEqualTo("since-outside-of-log");
        assertThat(refusalOf(() -> shop.revoke("carol", "carol", -1L)).rule()).isEqualTo("since-outside-of-log");
    }

    @Test
    void a_revocation_is_signed_as_it_stands() {
        String text = new String(draft("carol", "carol", 1L).bytes(), StandardCharsets.UTF_8);
        String signature = Shop.key("carol").sign(Statement.NAMESPACE, text.getBytes(StandardCharsets.UTF_8));
        byte[] altered = text.replace("\"since\":1", "\"since\":0").getBytes(StandardCharsets.UTF_8);

        Refusal refusal = refusalOf(() -> shop.changes().keys().revoke(altered, signature));

        assertThat(refusal.rule()).isEqualTo("bad-signature");
    }

    @Test
    void a_revocation_for_another_repository_is_refused() {
        String text = new String(draft("carol", "carol", null).bytes(), StandardCharsets.UTF_8);
        byte[] other = text.replace("6f0f1a3e", "6f0f1a3f").getBytes(StandardCharsets.UTF_8);

        assertThat(refusalOf(() -> hand(other, "carol")).rule()).isEqualTo("other-repository");
    }

    @Test
    void a_revocation_by_who_saw_another_log_is_refused() {
        String text = new String(draft("carol", "carol", null).bytes(), StandardCharsets.UTF_8);
        byte[] other =
                text.replaceFirst("\"root\":\"[0-9a-f]{6}", "\"root\":\"000000").getBytes(StandardCharsets.UTF_8);

        assertThat(refusalOf(() -> hand(other, "carol")).rule()).isEqualTo("checkpoint-not-in-log");
    }

    @Test
    void revoked_keys_stay_so_after_a_restart_with_and_without_the_database() {
        shop.revoke("dave", "dave", 1L);
        var before = shop.changes().keys().revoked();

        var kept = shop.restart(false, Faults.NONE).keys().revoked();
        var rebuilt = shop.restart(true, Faults.NONE).keys().revoked();

        assertThat(kept).isEqualTo(before).hasSize(1);
        assertThat(rebuilt).isEqualTo(before);
    }

    @Test
    void people_whose_keys_are_revoked_do_not_count_for_who_could_still_decide_about_trust() {
        shop.open("ann", "grant-bob", Map.of("access/grants/bob-approver.yaml", Shop.grant("bob", "approver")));
        shop.vote("grant-bob", "carol", Decision.APPROVE, "approver");
        shop.vote("grant-bob", "dave", Decision.APPROVE, "approver");
        shop.changes().merge("grant-bob");
        shop.revoke("dave", "dave", null);
        shop.open(
                "ann",
                "no-bob",
                Map.of(
                        "access/grants/bob-approver.yaml",
                        Shop.grant("bob", "auditor").replace("name: bob-auditor", "name: bob-approver")));
        shop.vote("no-bob", "carol", Decision.APPROVE, "approver");
        shop.vote("no-bob", "bob", Decision.APPROVE, "approver");

        assertThat(refusalOf(() -> shop.changes().merge("no-bob")).rule()).isEqualTo("trust-quorum");
    }

    private Revocation draft(String person, String key, Long since) {
        String fingerprint = Shop.key(key).publicKey().fingerprint();
        return shop.changes().keys().draft(new KeyDesk.Wish(person, fingerprint, since, "", "manual"));
    }

    private void hand(byte[] text, String signer) {
        shop.changes().keys().revoke(text, Shop.key(signer).sign(Statement.NAMESPACE, text));
    }
}
