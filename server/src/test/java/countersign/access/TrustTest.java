package countersign.access;

import static countersign.gate.Refusals.refusalOf;
import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.gate.Keys;
import countersign.gate.Shop;
import countersign.gate.ShopFiles;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void everybody_is_found_by_name_address_and_key() {
        Trust trust = trust(shop());

        assertThat(trust.people()).extracting(Person::name).startsWith("ann", "bob", "carol");
        assertThat(trust.findPersonByEmail("Carol@Lantern-Tea.example"))
                .map(Person::name)
                .contains("carol");
        assertThat(trust.findOwner(Keys.of("carol").publicKey())).contains(new Trust.KeyOwner("person", "carol"));
        assertThat(trust.findOwner(Keys.of("server").publicKey())).contains(new Trust.KeyOwner("server", "server"));
        assertThat(trust.findOwner(Keys.of("mallory").publicKey())).isEmpty();
        assertThat(trust.settings().origin()).isEqualTo(ShopFiles.ORIGIN);
    }

    @Test
    void every_contradiction_is_named_at_once() {
        Shop shop = shop().with("access/people/carol.yaml", ShopFiles.person("carol", "carol", "dave", "server"))
                .with(
                        "access/people/erin.yaml",
                        ShopFiles.person("erin", "erin").replace("erin@", "ANN@"));

        assertThat(refusalOf(() -> trust(shop)).findings())
                .extracting(finding -> finding.rule())
                .containsExactlyInAnyOrder("shared-key", "shared-key", "shared-email");
    }

    @ParameterizedTest
    @CsvSource({
        "2025-12-31T23:59:59Z, false",
        "2026-01-01T00:00:00Z, true",
        "2026-12-31T23:59:59Z, true",
        "2027-01-01T00:00:00Z, false"
    })
    void a_grant_holds_from_its_first_moment_to_just_before_its_last(Instant time, boolean holds) {
        PathFacets path = new PathFacets("README.md", Set.of(), Set.of(), Set.of());

        assertThat(trust(shop()).findGrant("carol", "approver", path, time).isPresent())
                .isEqualTo(holds);
    }

    @ParameterizedTest(name = "{0} covers {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; systems/a/b.yaml; true",
                "{paths: ['systems/**']}; systems/a/b.yaml; true",
                "{paths: ['systems/*']}; systems/a/b.yaml; false",
                "{paths: ['targets/**']}; systems/a/b.yaml; false",
                "{kinds: [SystemConfig]}; systems/a/b.yaml; true",
                "{kinds: [Target]}; systems/a/b.yaml; false",
                "{environments: [test, production]}; systems/a/b.yaml; true",
                "{environments: [test]}; systems/a/b.yaml; false",
                "{paths: ['systems/**'], kinds: [Target]}; systems/a/b.yaml; false"
            })
    void a_scope_covers_a_path_if_it_grants_every_facet(String scope, String path, boolean covers) {
        Shop shop = shop().with(
                        "access/grants/carol-approver.yaml",
                        ShopFiles.grant("carol-approver", "carol", "approver", scope));
        PathFacets facets =
                new PathFacets(path, Set.of("SystemConfig"), Set.of("test", "production"), Set.of("public"));

        assertThat(trust(shop).findGrant("carol", "approver", facets, NOW).isPresent())
                .isEqualTo(covers);
    }

    @Test
    void what_has_no_kind_or_environment_is_in_no_scope_of_them() {
        PathFacets plain = new PathFacets("README.md", Set.of(), Set.of(), Set.of());

        for (String scope : new String[] {"{kinds: [SystemConfig]}", "{environments: [test]}"}) {
            Shop shop = shop().with(
                            "access/grants/carol-approver.yaml",
                            ShopFiles.grant("carol-approver", "carol", "approver", scope));

            assertThat(trust(shop).findGrant("carol", "approver", plain, NOW))
                    .as(scope)
                    .isEmpty();
        }
    }

    @Test
    void trust_is_read_once_while_its_folders_stay() {
        Shop shop = shop();
        Trust first = shop.trusts().read(shop.before());
        shop.change("note")
                .touching("README.md", "# Tea\n")
                .approvedBy("carol", "approver")
                .merge()
                .land();

        assertThat(shop.trusts().read(shop.before())).isSameAs(first);
    }

    private static Trust trust(Shop shop) {
        return shop.trusts().read(shop.before());
    }
}
