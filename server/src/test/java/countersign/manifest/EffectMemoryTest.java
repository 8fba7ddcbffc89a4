package countersign.manifest;

import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.gate.Shop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is remembered of units never answers for other bytes under the same names. */
class EffectMemoryTest {
    private final Shop shop = shop();
    private final Effect effect = shop.effect();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "systems/storefront/storefront-test.yaml, 8080, 8090, web-test/storefront-test",
        "systems/storefront/files/banner.html, Autumn, Winter, web-production/storefront-production",
        "targets/web-test.yaml, keepReleases: 5, keepReleases: 6, web-test/checkout-test",
        "packages/storefront-2-4-0.yaml, 41832960, 41832961, web-test/storefront-test"
    })
    void other_bytes_under_the_same_name_give_other_digests(String path, String from, String to, String unit) {
        effect.manifest(
                shop.change("first").touching(path, shop.text(path) + "\n").proposal());
        Effect.Proposal edited = shop.change("second")
                .touching(path, shop.text(path).replace(from, to))
                .proposal();

        Manifest remembering = effect.manifest(edited);

        assertThat(remembering).isEqualTo(shop.effect().manifest(edited));
        assertThat(remembering.units())
                .extracting(change -> change.unit().toString())
                .contains(unit);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "systems/storefront/storefront-test.yaml, 8080, 8090",
        "systems/storefront/files/banner.html, Autumn, Winter"
    })
    void what_is_asked_again_is_answered_the_same(String path, String from, String to) {
        Effect.Proposal edited = shop.change("twice")
                .touching(path, shop.text(path).replace(from, to))
                .proposal();

        Manifest first = effect.manifest(edited);

        assertThat(effect.manifest(edited)).isEqualTo(first);
    }
}
