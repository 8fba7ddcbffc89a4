package countersign.document.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Place;
import countersign.document.Document;
import countersign.document.reader.Documents;
import countersign.document.reader.Inspection;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The storefront of production is put over the base of all storefronts. */
class OverlaysTest {
    private static final String BASE = "systems/storefront/storefront-base.yaml";
    private static final String PRODUCTION = "systems/storefront/storefront-production.yaml";

    private final Documents documents = new Documents();
    private final Map<String, String> texts = new HashMap<>(Map.of(BASE, """
                    apiVersion: countersign.dev/v1
                    kind: SystemConfig
                    metadata: {name: storefront-base}
                    spec:
                      abstract: true
                      owner: {unit: Shop engineering, person: ann}
                      classification: public
                      dependsOn: [checkout-test, ledger-test]
                      files:
                        - path: conf/shop.properties
                          format: properties
                          data:
                            server.port: 8080
                            cache: {seconds: 60, entries: 1000}
                            debug: true
                        - path: bin/start.sh
                          content: "#!/bin/sh\\n"
                    """, PRODUCTION, """
                    apiVersion: countersign.dev/v1
                    kind: SystemConfig
                    metadata: {name: storefront-production}
                    spec:
                      base: storefront-base
                      environment: production
                      targets: [web-production]
                      classification: confidential
                      dependsOn: [checkout-production]
                      files:
                        - path: conf/shop.properties
                          data:
                            cache: {seconds: 600}
                            debug: null
                        - path: conf/extra.json
                          format: json
                          data: {a: 1}
                    """));

    @Test
    void mappings_are_merged_lists_replaced_files_matched_by_path_and_null_takes_away() {
        Document whole = whole(PRODUCTION);

        assertThat(value(whole, "/spec/classification")).isEqualTo("confidential");
        assertThat(value(whole, "/spec/owner/unit")).isEqualTo("Shop engineering");
        assertThat(value(whole, "/spec/dependsOn")).isEqualTo(List.of("checkout-production"));
        assertThat(value(whole, "/spec/files/0/data"))
                .isEqualTo(Map.of("server.port", 8080L, "cache", Map.of("seconds", 600L, "entries", 1000L)));
        assertThat(value(whole, "/spec/files/0/format")).isEqualTo("properties");
        assertThat(value(whole, "/spec/files/1/path")).isEqualTo("bin/start.sh");
        assertThat(value(whole, "/spec/files/2/path")).isEqualTo("conf/extra.json");
        assertThat(whole.spec().has("base")).isFalse();
        assertThat(whole.spec().has("abstract")).isFalse();
        assertThat(Overlays.isOver(whole, BASE)).isTrue();
    }

    @Test
    void every_value_is_known_to_come_from_the_file_that_says_it() {
        Document whole = whole(PRODUCTION);

        assertThat(place(whole, "/spec/files/0/data/cache/seconds")).isEqualTo(PRODUCTION + ":13");
        assertThat(place(whole, "/spec/files/0/data/cache/entries")).isEqualTo(BASE + ":14");
        assertThat(place(whole, "/spec/files/1/content")).isEqualTo(BASE + ":17");
        assertThat(place(whole, "/spec/files/2/data/a")).isEqualTo(PRODUCTION + ":17");
        assertThat(place(whole, "/spec/owner/person")).isEqualTo(BASE + ":6");
        assertThat(place(whole, "/metadata/name")).isEqualTo(PRODUCTION + ":3");
    }

    @Test
    void a_source_of_a_file_takes_the_place_of_another() {
        texts.compute(PRODUCTION, (path, text) -> text + "    - path: bin/start.sh\n      from: start.sh\n");

        Document whole = whole(PRODUCTION);

        assertThat(value(whole, "/spec/files/1")).isEqualTo(Map.of("path", "bin/start.sh", "from", "start.sh"));
    }

    @Test
    void bases_have_bases() {
        texts.put("systems/storefront/storefront-web.yaml", """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: storefront-web}
                spec:
                  abstract: true
                  base: storefront-base
                  files:
                    - path: conf/shop.properties
                      data: {server.port: 9090}
                """);
        edit(PRODUCTION, "base: storefront-base", "base: storefront-web");

        Document whole = whole(PRODUCTION);

        assertThat(value(whole, "/spec/files/0/data/server.port")).isEqualTo(9090L);
        assertThat(value(whole, "/spec/files/0/data/cache/entries")).isEqualTo(1000L);
        assertThat(place(whole, "/spec/files/0/data/server.port"))
                .isEqualTo("systems/storefront/storefront-web.yaml:9");
        assertThat(Overlays.isOver(whole, BASE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            systems/storefront/storefront-production.yaml | base: storefront-base | base: storefront-none | dangling-reference
            systems/storefront/storefront-production.yaml | base: storefront-base | base: storefront-production | base-cycle
            systems/storefront/storefront-base.yaml | abstract: true | abstract: false, environment: test, targets: [web-test] | base-not-abstract
            systems/storefront/storefront-base.yaml | abstract: true | abstract: true, base: storefront-base | base-cycle
            systems/storefront/storefront-production.yaml | path: conf/extra.json | path: conf/other.json, content: x | not-exactly-one
            """)
    void what_does_not_become_whole_is_refused(String path, String good, String bad, String rule) {
        edit(path, good, bad.replace(", ", "\n" + (bad.startsWith("path") ? "      " : "  ")));

        List<Finding> findings = inspect(PRODUCTION).findings();

        assertThat(findings).isNotEmpty();
        assertThat(findings.get(0).rule()).as(findings.toString()).contains(rule);
    }

    @Test
    void more_than_eight_bases_are_too_many() {
        for (int i = 1; i <= 9; i++) {
            texts.put("systems/storefront/storefront-" + i + ".yaml", """
                    apiVersion: countersign.dev/v1
                    kind: SystemConfig
                    metadata: {name: storefront-%d}
                    spec: {abstract: true, base: storefront-%s}
                    """.formatted(
                            i, i == 9 ? "base" : Integer.toString(i + 1)));
        }
        edit(PRODUCTION, "base: storefront-base", "base: storefront-1");

        assertThat(inspect(PRODUCTION).findings()).extracting(Finding::rule).containsExactly("too-many-bases");
    }

    @Test
    void a_base_stands_nowhere_and_a_system_without_one_says_everything() {
        edit(BASE, "abstract: true", "abstract: true\n  environment: test");
        assertThat(documents.inspect(BASE, bytes(BASE)).findings())
                .extracting(Finding::rule)
                .containsExactly("abstract-system-somewhere");
        edit(PRODUCTION, "  base: storefront-base\n", "");

        assertThat(documents.inspect(PRODUCTION, bytes(PRODUCTION)).findings())
                .extracting(Finding::message)
                .anySatisfy(message -> assertThat(message).contains("owner"));
    }

    private void edit(String path, String good, String bad) {
        texts.computeIfPresent(path, (same, text) -> {
            assertThat(text).contains(good);
            return text.replace(good, bad);
        });
    }

    private Document whole(String path) {
        Inspection inspection = inspect(path);
        assertThat(inspection.findings()).isEmpty();
        return inspection.document();
    }

    private Inspection inspect(String path) {
        return written(path)
                .map(document -> documents.whole(document, this::written))
                .orElseThrow();
    }

    private Optional<Document> written(String path) {
        return texts.containsKey(path)
                ? Optional.ofNullable(documents.inspect(path, bytes(path)).document())
                : Optional.empty();
    }

    private byte[] bytes(String path) {
        return texts.get(path).getBytes(StandardCharsets.UTF_8);
    }

    private static Object value(Document document, String pointer) {
        return JsonPointer.find(document.tree().root(), pointer).orElseThrow();
    }

    private static String place(Document document, String pointer) {
        Place place = document.tree().placeOf(pointer);
        assertThat(place.pointer()).isEqualTo(pointer);
        return place.path() + ":" + place.line();
    }
}
