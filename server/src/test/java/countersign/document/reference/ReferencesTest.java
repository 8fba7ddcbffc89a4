package countersign.document.reference;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.reader.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferencesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "systems/checkout/checkout-production.yaml | Person ann, Target shop-1, SystemConfig orders-production,"
                        + " UpgradePackage checkout-2-4, KeyInventory checkout-tls",
                "access/grants/ann-change-control.yaml | Person ann",
                "changes/2026-11-21/raise-port.yaml | Person ann, Person bob",
                "keys/checkout-tls.yaml | Person ann, SystemConfig checkout-production",
                "policies/tls-13.test.yaml | Policy tls-13",
            })
    void every_name_that_leads_nowhere_is_a_finding(String path, String missing) {
        Document document = read(path);

        List<Finding> findings = References.check(document, name -> false);

        assertThat(References.check(document, name -> true)).isEmpty();
        assertThat(findings).allMatch(finding -> finding.rule().equals("dangling-reference"));
        for (String name : missing.split(", ", -1)) {
            assertThat(findings)
                    .anySatisfy(finding ->
                            assertThat(finding.message()).contains("names the " + name + ", which does not exist"));
        }
    }

    @Test
    void a_finding_has_the_place_of_the_name() {
        Finding finding = References.check(
                        read("systems/checkout/checkout-production.yaml"), name -> name.kind() != Kind.TARGET)
                .get(0);

        assertThat(finding.place().toString()).isEqualTo("systems/checkout/checkout-production.yaml:8:13");
        assertThat(finding.place().pointer()).isEqualTo("/spec/targets/0");
    }

    @Test
    void a_system_cannot_depend_on_itself() {
        Document document =
                read("systems/checkout/checkout-production.yaml", "[orders-production]", "[checkout-production]");

        assertThat(References.check(document, name -> true))
                .extracting(Finding::rule)
                .containsOnly("self-reference");
    }

    @Test
    void the_files_that_a_system_takes_from_its_folder_must_be_there() {
        Document document = read("systems/checkout/checkout-production.yaml");

        assertThat(References.checkPayload(document, Set.of("systems/checkout/files/start.sh")::contains))
                .isEmpty();
        assertThat(References.checkPayload(document, path -> false))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("dangling-payload");
                    assertThat(finding.message()).contains("systems/checkout/files/start.sh");
                    assertThat(finding.place().pointer()).isEqualTo("/spec/files/1/from");
                });
    }

    @Test
    void two_documents_of_one_kind_cannot_share_a_name() {
        Document one = read("systems/checkout/checkout-production.yaml");
        Document other = new Document(one.kind(), one.name(), "systems/shop/checkout-production.yaml", one.tree());
        Document policy = new Document(Kind.POLICY, one.name(), "policies/checkout-production.yaml", one.tree());

        assertThat(References.duplicateNames(List.of(one, policy))).isEmpty();
        assertThat(References.duplicateNames(List.of(one, policy, other)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("is also the name of the SystemConfig in systems/checkout/checkout-production.yaml"));
    }

    @Test
    void the_names_of_one_kind_can_be_asked_for() {
        Document document = read("systems/checkout/checkout-production.yaml");

        assertThat(References.namesOf(document, Kind.TARGET)).containsExactly("shop-1");
        assertThat(References.namesOf(document, Kind.PERSON)).containsExactly("ann");
    }

    private static Document read(String path) {
        return read(path, "", "");
    }

    private static Document read(String path, String good, String bad) {
        try (InputStream in = Objects.requireNonNull(ReferencesTest.class.getResourceAsStream("/documents/" + path))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(good, bad);
            return new Documents()
                    .read(path, text.getBytes(StandardCharsets.UTF_8))
                    .orElseThrow();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
