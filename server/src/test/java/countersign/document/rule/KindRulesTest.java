package countersign.document.rule;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.document.reader.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each example is right; one thing in it is made wrong in plain sight. */
class KindRulesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "access/grants/ann-change-control.yaml | notAfter: 2026-12-31 | notAfter: 2025-12-31 | dates-out-of-order | 9",
                "policies/edge-tls-12.yaml | expires: 2027-01-31 | expires: 2027-03-31 | waiver-too-long | 13",
                "policies/edge-tls-12.yaml | expires: 2027-01-31 | expires: 2026-01-31 | dates-out-of-order | 13",
                "policies/edge-tls-12.yaml | names: [edge-production], paths: [\"systems/edge/*.yaml\"], | '' | waiver-names-nothing | 7",
                "calendar/shop.yaml | BYDAY=SA | BYDAY=XX | wrong-recurrence | 9",
                "calendar/shop.yaml | FREQ=WEEKLY | FREQ=HOURLY | wrong-recurrence | 9",
                "calendar/shop.yaml | BYDAY=SA | BYDAY=SA;BYHOUR=3 | wrong-recurrence | 9",
                "calendar/shop.yaml | BYDAY=SA | BYDAY=1SA | wrong-recurrence | 9",
                "calendar/shop.yaml | BYDAY=SA | BYDAY=SA;UNTIL=20251231 | dates-out-of-order | 9",
                "calendar/shop.yaml | recurrence: FREQ=WEEKLY;BYDAY=SA, | '' | exception-without-recurrence | 9",
                "calendar/shop.yaml | until: 2026-12-02 | until: 2026-11-02 | dates-out-of-order | 14",
                "calendar/shop.yaml | until: 2026-12-02 | until: 2037-12-02 | span-too-long | 14",
                "calendar/shop.yaml | until: 2026-12-02 | duration: P11Y | span-too-long | 14",
                "calendar/shop.yaml | until: 2026-12-02 | duration: P4000D | span-too-long | 14",
                "calendar/shop.yaml | until: 2026-12-02 | duration: PT99999H | span-too-long | 14",
                "calendar/shop.yaml | until: 2026-12-02 | until: +12026-12-02 | span-too-long | 14",
                "calendar/shop.yaml | name: winter-sale | name: saturday-night | duplicate-entry | 11",
                "calendar/shop.yaml | until: \"18:00\" | until: \"07:00\" | dates-out-of-order | 17",
                "changes/2026-11-21/raise-port.yaml | notAfter: 2026-11-21T22 | notAfter: 2026-11-21T02 | dates-out-of-order | 18",
                "changes/2026-11-21/new-master.yaml | supervisor: ann | supervisor: bob | supervisor-implements | 23",
                "changes/2026-11-21/new-master.yaml | [[shop-1]] | [[shop-1], [shop-1]] | duplicate-entry | 26",
                "systems/checkout/checkout-production.yaml | path: bin/start.sh | path: etc/checkout.conf | duplicate-file | 14",
                "systems/checkout/checkout-production.yaml | name: up | name: config | duplicate-entry | 21",
                "keys/www-tls.yaml | notAfter: 2027-03-31 | notAfter: 2026-03-31 | dates-out-of-order | 25",
                "keys/www-tls.yaml | size: 256 | size: 384 | size-contradicts-algorithm | 7",
                "keys/www-tls.yaml | activated: 2026-10-02 | activated: 2026-09-02 | dates-out-of-order | 14",
                "keys/www-tls.yaml | state: active | state: pre-activation | state-contradicts-dates | 14",
                "keys/settlement-master-2024.yaml | custodians: [ann, bob] | custodians: [ann] | too-few-custodians | 19",
                "keys/settlement-master-2024.yaml | size: 128 | size: 256 | size-contradicts-algorithm | 8",
                "keys/settlement-master-2024.yaml | processStop: 2026-02-03 | processStop: 2025-02-02 | dates-out-of-order | 25",
                "keys/settlement-master-2024.yaml | threshold: 3 | threshold: 6 | threshold-too-high | 36",
                "keys/settlement-master-2024.yaml | compromised, at: 2025-01-09 | compromised, at: 2023-01-09 | dates-out-of-order | 41",
                "packages/checkout-2-5.yaml | file: checkout.jar, | file: other.jar, | file-not-in-package | 18",
                "packages/checkout-2-5.yaml | threshold: 1 | threshold: 2 | threshold-too-high | 24",
                "packages/checkout-2-5.yaml | >=2.3 <2.5.0 | >=2.x | wrong-version | 20",
                "packages/checkout-2-5.yaml | [\"2.3\", \"2.4\"] | [\"2.4\", \"2.3\"] | versions-out-of-order | 21",
                "packages/checkout-2-5.yaml | [\"2.3\", \"2.4\"] | [\"2.3\", \"2.6\"] | versions-out-of-order | 6",
                "packages/checkout-2-5.yaml | expires: 2027 | expires: 2025 | dates-out-of-order | 9",
                "packages/checkout-2-5.yaml | supersedes: [checkout-2-4] | requires: [a], conflicts: [a] | contradicting-packages | 29",
                "packages/checkout-2-5.yaml | name: restart | name: install | duplicate-entry | 19",
                "services/shop.yaml | respondWithin: PT15M | respondWithin: PT1M | durations-out-of-order | 17",
                "services/shop.yaml | restoreWithin: PT4H | restoreWithin: PT1M | durations-out-of-order | 16",
                "services/shop.yaml | grade: 2 | grade: 1 | duplicate-entry | 17",
                "services/shop.yaml | validUntil: 2026 | validUntil: 2025 | dates-out-of-order | 10",
                "countersign.yaml | critical} | low} | assessment-falls | 24",
                "countersign.yaml | [PT4H, P1D, | [P2D, P1D, | durations-out-of-order | 20",
                "countersign.yaml | {low: 5, medium: 4, high: 3} | {low: 1, medium: 4, high: 3} | assessment-falls | 26",
                "templates/renew-certificate.yaml | of ${system} | of ${host} | unknown-parameter | 12",
                "templates/renew-certificate.yaml | notAfter: 2026 | notAfter: 2028 | delegation-too-long | 7",
                "templates/renew-certificate.yaml | notAfter: 2026 | notAfter: 2025 | dates-out-of-order | 7",
            })
    void what_a_schema_cannot_say_is_refused_with_its_place(
            String path, String good, String bad, String rule, int line) {
        String text = example(path);
        String wrong = text.replace(good, bad.replace("], conflicts", "]\n  conflicts"));

        List<Finding> findings = inspect(path, wrong);

        assertThat(inspect(path, text)).isEmpty();
        assertThat(wrong).isNotEqualTo(text);
        assertThat(findings).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.place()).isNotNull();
        });
        assertThat(findings.get(0).place().line()).isEqualTo(line);
        assertThat(findings.get(0).place().pointer()).startsWith("/spec/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "calendar/shop.yaml | Europe/Amsterdam | Europe/Atlantis | wrong-value",
                "calendar/shop.yaml | Europe/Amsterdam | +01:00 | wrong-value",
                "calendar/shop.yaml | Europe/Amsterdam | CET | wrong-value",
                "calendar/shop.yaml | duration: PT4H | duration: four hours | wrong-value",
                "calendar/shop.yaml | duration: PT4H | duration: PT0S | wrong-value",
                "calendar/shop.yaml | duration: PT4H, | '' | not-exactly-one",
                "calendar/shop.yaml | from: 2026-01-03T22:00 | from: 2026-01-03T22:00Z | wrong-value",
                "calendar/shop.yaml | [2026-12-26] | [2026-12-32] | wrong-value",
                "templates/renew-certificate.yaml | '  authority:' | '  # authority:' | missing-field",
                "keys/www-tls.yaml | fingerprint: | # fingerprint: | missing-field",
                "keys/settlement-master-2024.yaml | destruction: | # destruction: | missing-field",
                "services/shop.yaml | target: \">=99.9\" | target: good | wrong-value",
                "services/shop.yaml | review: P6M | review: P-6M | wrong-value",
            })
    void formats_and_conditions_of_the_new_kinds_bind(String path, String good, String bad, String rule) {
        String wrong = example(path).replace(good, bad);

        assertThat(inspect(path, wrong)).extracting(Finding::rule).contains(rule);
    }

    private static List<Finding> inspect(String path, String text) {
        return new Documents()
                .inspect(path, text.getBytes(StandardCharsets.UTF_8))
                .findings();
    }

    private static String example(String path) {
        try (var in = Objects.requireNonNull(KindRulesTest.class.getResourceAsStream("/documents/" + path))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
