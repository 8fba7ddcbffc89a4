package countersign.gate;

import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.manifest.ChangeId;
import org.junit.jupiter.api.Test;

class VerifierTest {
    private static final String TEST = "systems/storefront/storefront-test.yaml";
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";

    @Test
    void a_good_merge_verifies() {
        MergeDraft merge = shop().change("raise-port")
                .by("ann")
                .touching(TEST, ShopFiles.storefront("test", 8090))
                .approvedBy("carol", "approver")
                .merge();

        Verifier.Verdict verdict = merge.verify();

        assertThat(verdict.manifest().targets()).containsExactly("web-test");
        assertThat(verdict.manifest().contributors()).containsExactly("ann");
        assertThat(verdict.gate().open()).isTrue();
    }

    @Test
    void a_merge_on_top_of_another_verifies() {
        Shop shop = shop();
        ChangeId first = shop.change("raise-port")
                .touching(TEST, ShopFiles.storefront("test", 8090))
                .approvedBy("carol", "approver")
                .merge()
                .land();

        Verifier.Verdict second = shop.change("production-too")
                .by("ann")
                .touching(PRODUCTION, ShopFiles.storefront("production", 8090))
                .approvedBy("carol", "approver")
                .approvedBy("dave", "approver")
                .approvedBy("erin", "security")
                .merge()
                .verify();

        assertThat(first).hasToString("2026-11-21/raise-port");
        assertThat(second.manifest().targets()).containsExactly("web-production");
    }
}
