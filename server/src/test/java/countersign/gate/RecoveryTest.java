package countersign.gate;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shop whose people's keys are lost: two of three recovery keys, offline, bring it back. */
class RecoveryTest {
    private static final String CAROL = "access/people/carol.yaml";
    private static final String SETTINGS = threeKeys(ShopFiles.settings());

    private final Shop shop = shop().with("countersign.yaml", SETTINGS);

    @Test
    void a_quorum_of_recovery_keys_gives_a_person_a_new_key() {
        MergeDraft merge = newKey().vote(by(1, "vault")).vote(by(3, "vault-3")).merge();

        Requirement requirement = merge.verify().gate().requirements().get(0);
        assertThat(merge.gate().requirements()).hasSize(1);
        assertThat(requirement.rule()).isEqualTo("recovery-quorum");
        assertThat(requirement.evidence())
                .extracting(Requirement.Evidence::person)
                .containsExactly("recovery-1", "recovery-3");
        merge.land();
        assertThat(shop.text(CAROL)).contains(Keys.of("carol-new").publicKey().line());
    }

    @Test
    void below_the_quorum_nothing_is_recovered() {
        assertThat(refusalOf(newKey().vote(by(1, "vault")).merge()::verify))
                .hasMessageContaining("recovery-quorum: needs 2 recovery key(s), has 1 (recovery-1)");
    }

    @Test
    void a_recovery_key_counts_once() {
        MergeDraft merge =
                newKey().vote(by(2, "vault-2")).vote(by(2, "vault-2")).merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("needs 2 recovery key(s), has 1 (recovery-2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"carol", "server", "mallory"})
    void a_key_that_is_no_recovery_key_does_not_recover(String key) {
        MergeDraft merge = newKey().vote(by(1, "vault")).vote(by(2, key)).merge();

        assertThat(refusalOf(merge::verify))
                .hasMessageContaining("has 1 (recovery-1)")
                .hasMessageContaining("recovery-2 (not-a-recovery-key)");
    }

    @Test
    void a_recovery_key_does_not_sign_for_another() {
        MergeDraft merge = newKey().vote(by(1, "vault")).vote(by(2, "vault")).merge();

        assertThat(refusalOf(merge::verify)).hasMessageContaining("recovery-2 (key-of-another)");
    }

    @Test
    void people_neither_help_nor_hinder_it() {
        MergeDraft people = newKey().approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("erin", "security")
                .merge();
        MergeDraft rejected = newKey().rejectedBy("dave", "approver")
                .vote(by(1, "vault"))
                .vote(by(2, "vault-2"))
                .merge();

        assertThat(refusalOf(people::verify)).hasMessageContaining("needs 2 recovery key(s), has 0");
        assertThat(rejected.verify().gate().open()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "policies/approve-trust.yaml",
                "systems/checkout/checkout-test.yaml",
                "systems/storefront/storefront-test.yaml"
            })
    void it_touches_nothing_but_access_and_the_servers_keys(String path) {
        MergeDraft merge = newKey().removing(path)
                .vote(by(1, "vault"))
                .vote(by(2, "vault-2"))
                .merge();

        Refusal refusal = refusalOf(merge::verify);
        assertThat(refusal.rule()).isEqualTo("recovery-scope");
        assertThat(refusal).hasMessageContaining(path);
    }

    @Test
    void it_brings_a_new_server_key_which_may_sign_the_merge_at_once() {
        MergeDraft merge = shop.change("new-server")
                .requesting("operation: recover")
                .touching("countersign.yaml", SETTINGS.replace(line("server"), line("server-new")))
                .vote(by(1, "vault"))
                .vote(by(2, "vault-2"))
                .merge()
                .signedBy("server-new");

        assertThat(merge.verify().gate().open()).isTrue();
    }

    @Test
    void no_other_change_is_signed_by_the_server_key_that_it_brings() {
        MergeDraft merge = shop.change("new-server")
                .touching("countersign.yaml", SETTINGS.replace(line("server"), line("server-new")))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .merge()
                .signedBy("server-new");

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("commit-signed-by-unknown-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"threshold: 2", "engine: 1"})
    void it_changes_nothing_else_of_the_trust_root(String setting) {
        String other = setting.equals("threshold: 2")
                ? SETTINGS.replace(setting, "threshold: 1")
                : SETTINGS.replace("      - " + line("vault-3") + "\n", "");
        MergeDraft merge = shop.change("lower")
                .requesting("operation: recover")
                .touching("countersign.yaml", other)
                .vote(by(1, "vault"))
                .vote(by(2, "vault-2"))
                .merge();

        assertThat(refusalOf(merge::verify).rule()).isEqualTo("recovery-scope");
    }

    private ProposedChange newKey() {
        return shop.change("new-key")
                .requesting("operation: recover")
                .touching(CAROL, ShopFiles.person("carol", "carol-new"));
    }

    private static VoteDraft by(int place, String key) {
        return VoteDraft.approval("recovery-" + place, "recovery").signedWith(key);
    }

    private static String threeKeys(String settings) {
        String one = "      - " + line("vault") + "\n";
        assertThat(settings).contains(one).contains("threshold: 1");
        return settings.replace("threshold: 1", "threshold: 2")
                .replace(one, one + "      - " + line("vault-2") + "\n      - " + line("vault-3") + "\n");
    }

    private static String line(String key) {
        return Keys.of(key).publicKey().line();
    }
}
