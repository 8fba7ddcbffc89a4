package countersign.apply.plan;

import static countersign.gate.Shop.shop;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.gate.ProposedChange;
import countersign.gate.Shop;
import org.junit.jupiter.api.Test;

/** What a plan says of systems that are put over a base. */
class PlannerTest {
    private static final String BASE_PATH = "systems/storefront/storefront-base.yaml";
    private static final String TEST_PATH = "systems/storefront/storefront-test.yaml";

    private final Shop shop = shop().with(BASE_PATH, base(60)).with(TEST_PATH, over(8080));

    @Test
    void each_key_says_which_file_and_line_it_comes_from() {
        ProposedChange change =
                shop.change("tune").touching(BASE_PATH, base(90)).touching(TEST_PATH, over(9090));

        Plan plan = new Planner(shop.documents())
                .plan(
                        change.proposal().before(),
                        change.proposal().after(),
                        change.manifest().units());

        assertThat(plan.text())
                .contains("cache.seconds: \"60\" → \"90\"  (" + BASE_PATH + ":9)")
                .contains("port: \"8080\" → \"9090\"  (" + TEST_PATH + ":8)");
    }

    private static String base(int seconds) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: storefront-base}
                spec:
                  abstract: true
                  owner: {unit: Shop engineering, person: ann}
                  classification: public
                  files:
                    - {path: conf/shop.json, format: json, data: {cache: {seconds: %d}, debug: false}}
                """.formatted(seconds);
    }

    private static String over(int port) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: storefront-test}
                spec:
                  base: storefront-base
                  environment: test
                  targets: [web-test]
                  files: [{path: conf/shop.json, data: {port: %d}}]
                """.formatted(port);
    }
}
