package countersign.audit;

import static countersign.gate.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.change.Shop;
import countersign.change.store.Change;
import countersign.gate.vote.Decision;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A recovery at the server and in its clones. */
final class RecoveryAuditTest {
    private static final String BOBS = "access/grants/bob-approver.yaml";

    @AutoClose
    private final ClonedShop cloned = ClonedShop.open();

    private final Shop shop = cloned.shop;

    @Test
    void a_recovery_merges_by_the_recovery_key_alone_and_verifies() throws Exception {
        open(Map.of(BOBS, Shop.grant("bob", "approver")));
        assertThat(refusalOf(() -> shop.changes().merge("recovery")).rule()).isEqualTo("requirement-unmet");

        shop.vote("recovery", signer(), Decision.APPROVE, "recovery", Shop.key("recovery"));
        Change merged = shop.changes().merge("recovery");
        ClonedShop.Verdict verdict = cloned.verify();

        assertThat(merged.merged()).isNotNull();
        assertThat(verdict.rules()).isEmpty();
        assertThat(verdict.text()).contains("recover, 2 path(s), signed by recovery-1 (recovery)");
        assertThat(verdict.independentlyGood()).as(verdict.independent()).isTrue();
    }

    @Test
    void a_person_does_not_sign_as_recovery_key() {
        open(Map.of(BOBS, Shop.grant("bob", "approver")));

        assertThat(refusalOf(() -> shop.vote("recovery", "recovery-1", Decision.APPROVE, "recovery", Shop.key("carol")))
                        .rule())
                .isEqualTo("not-a-recovery-key");
        assertThat(refusalOf(() -> shop.changes()
                                .recoverySigner(Shop.key("carol").publicKey().fingerprint()))
                        .rule())
                .isEqualTo("not-a-recovery-key");
    }

    @Test
    void a_recovery_of_anything_else_is_refused() {
        open(Map.of("README.md", "# Mine\n"));
        shop.vote("recovery", "recovery-1", Decision.APPROVE, "recovery", Shop.key("recovery"));

        assertThat(refusalOf(() -> shop.changes().merge("recovery")).rule()).isEqualTo("recovery-scope");
    }

    private String signer() {
        return shop.changes().recoverySigner(Shop.key("recovery").publicKey().fingerprint());
    }

    private void open(Map<String, String> files) {
        shop.open(
                "ann",
                "recovery",
                files,
                request -> request.replace("type: normal", "type: normal\n  operation: recover"));
    }
}
