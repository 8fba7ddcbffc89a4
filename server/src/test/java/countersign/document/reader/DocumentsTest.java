package countersign.document.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.schema.Schemas;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentsTest {
    private final Documents documents = new Documents();

    @ParameterizedTest
    @MethodSource("examples")
    void a_whole_document_of_each_kind_is_read(String path) {
        Inspection inspection = documents.inspect(path, example(path));

        assertThat(inspection.findings()).isEmpty();
        assertThat(documents.read(path, example(path))).hasValueSatisfying(document -> {
            assertThat(document.path()).isEqualTo(path);
            assertThat(path)
                    .containsAnyOf(document.name() + ".yaml", document.name() + ".test.yaml", "countersign.yaml");
        });
    }

    @Test
    void there_is_an_example_of_every_supported_kind_and_every_field_of_its_schema() {
        Set<String> unused = new TreeSet<>();
        for (Kind kind : Kind.values()) {
            List<Document> written = examples()
                    .map(path -> documents.read(path, example(path)).orElseThrow())
                    .filter(candidate -> candidate.kind() == kind)
                    .toList();
            specFields(kind).stream()
                    .filter(field -> written.stream()
                            .noneMatch(document -> document.spec().has(field)))
                    .filter(field -> !field.equals("description"))
                    .forEach(field -> unused.add(kind.label() + "." + field));
        }

        assertThat(unused).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "targets/shop-1.yaml | environment: production | enviroment: production | unknown-field | 5 | 3 "
                        + "| there is no field \"enviroment\" here; did you mean \"environment\"?",
                "targets/shop-1.yaml | environment: production | environment: production | missing-field | 4 | 1 "
                        + "| spec needs the field \"environment\": The environment",
                "targets/shop-1.yaml | driver: directory | driver: diretory | not-one-of | 6 | 11 "
                        + "| spec/driver must be directory; found \"diretory\"",
                "targets/shop-1.yaml | directory: {path | agents2: {path | missing-field | 4 | 1 "
                        + "| spec needs the field \"directory\"",
                "targets/shop-1.yaml | path: shop-1 | path: ../shop | wrong-value | 7 | 21 "
                        + "| spec/directory/path must be a relative path without empty, . or .. parts; found \"../shop\"",
                "targets/shop-1.yaml | keepReleases: 5 | keepReleases: 0 | wrong-value | 10 | 17 "
                        + "| spec/keepReleases must be at least 1; found the number 0",
                "targets/shop-1.yaml | keepReleases: 5 | keepReleases: many | wrong-type | 10 | 17 "
                        + "| spec/keepReleases must be a whole number; found \"many\"",
                "targets/shop-1.yaml | keepReleases: 5 | keepReleases: 5.0 | wrong-type | 10 | 17 "
                        + "| spec/keepReleases must be a whole number; found the number 5.0",
                "access/people/ann.yaml | displayName: Ann Müller | displayName: 17 | wrong-type | 7 | 16 "
                        + "| spec/displayName must be text; found the number 17",
                "access/people/ann.yaml | [ann@example.org] | ann@example.org | wrong-type | 8 | 11 "
                        + "| spec/emails must be a list; found \"ann@example.org\"",
                "access/people/ann.yaml | key: ssh-ed25519 | key: ssh-dss | wrong-value | 10 | 10 "
                        + "| spec/keys/0/key must be the line of an OpenSSH public key",
                "access/people/ann.yaml | site: leiden | site: 7 | wrong-type | 5 | 18 "
                        + "| metadata/labels/site must be text; found the number 7",
                "access/people/ann.yaml | 2026-01-05T09:00:00Z | 2026-02-30T09:00:00Z | wrong-value | 11 | 14 "
                        + "| spec/keys/0/addedAt must be a UTC time such as 2026-11-21T10:00:00Z",
                "access/people/ann.yaml | 2026-01-05T09:00:00Z | 2026-01-05T09:00:00+01:00 | wrong-value | 11 | 14 "
                        + "| spec/keys/0/addedAt must be a UTC time",
                "policies/production-needs-two.yaml | P3D | 3 days | wrong-value | 12 | 62 "
                        + "| must be an ISO 8601 duration",
                "policies/production-needs-two.yaml | [on-call] | [on-call, on-call] | not-unique | 12 | 22 "
                        + "| spec/emergency/roles must not hold an element twice",
                "systems/checkout/checkout-production.yaml | from: start.sh | content: x, from: y | not-exactly-one | 14 | 5 "
                        + "| files/1 needs exactly one of content, from, data; found content and from",
                "systems/checkout/checkout-production.yaml | , from: start.sh | '' | not-exactly-one | 14 | 5 "
                        + "| files/1 needs exactly one of content, from, data; found none of them",
                "systems/checkout/checkout-production.yaml | format: properties, | '' | missing-field | 15 | 5 "
                        + "| files/2 needs the field \"format\": Format of data.",
                "systems/checkout/checkout-production.yaml | mode: \"0644\" | mode: 644 | not-one-of | 11 | 11 "
                        + "| spec/files/0/mode must be one of 0644, 0755; found the number 644",
                "systems/checkout/checkout-production.yaml | kind: http, url | kind: http, path | missing-field | 21 | 7 "
                        + "| spec/health/checks/1 needs the field \"url\"",
                "systems/checkout/checkout-production.yaml | confidential | confidental | not-one-of | 7 | 19 "
                        + "| must be one of public, confidential, secret, top-secret; found \"confidental\"",
                "keys/checkout-tls.yaml | ECDSA-P256 | DES | wrong-value | 6 | 14 "
                        + "| spec/algorithm must be a known algorithm",
                "countersign.yaml | engine: 1 | engine: 2 | not-one-of | 6 | 11 | spec/engine must be 1; found the number 2",
                "policies/tls-13.yaml | at: [/spec/files] | fixx: x | unknown-field | 15 | 5 | there is no field \"fixx\" here",
            })
    void what_a_schema_expects_is_said_in_plain_words(
            String path, String good, String bad, String rule, int line, int column, String message) {
        String text = new String(example(path), StandardCharsets.UTF_8);
        String damaged = good.equals(bad)
                ? text.replace("  " + good + "\n", "")
                : text.replaceFirst(java.util.regex.Pattern.quote(good), java.util.regex.Matcher.quoteReplacement(bad));

        List<Finding> findings = documents.inspect(path, bytes(damaged)).findings();

        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.message()).contains(message);
            assertThat(finding.place()).extracting(Place::line, Place::column).containsExactly(line, column);
            assertThat(finding.place().pointer()).isNotNull();
        });
    }

    @Test
    void every_finding_is_reported_in_the_order_of_the_lines() {
        String text = person().replace("displayName", "displayname")
                .replace("unit:", "units:")
                .replace("team:", "taem:");

        assertThat(documents.inspect("access/people/ann.yaml", bytes(text)).findings())
                .extracting(Finding::rule)
                .containsExactly("missing-field", "unknown-field", "unknown-field", "unknown-field");
    }

    @Test
    void a_name_with_a_line_feed_at_its_end_is_no_name() {
        String text = person().replace("name: ann", "name: \"ann\\n\"");

        assertThat(refusal("access/people/ann.yaml", text).findings())
                .anySatisfy(finding -> assertThat(finding.message()).startsWith("metadata/name must be a name of"));
    }

    @ParameterizedTest
    @CsvSource({
        "access/people/ann.yaml, systems/checkout/ann.yaml, misplaced-trust-kind",
        "access/people/ann.yaml, access/grants/ann.yaml, misplaced-trust-kind",
        "access/people/ann.yaml, access/people/old/ann.yaml, misplaced-trust-kind",
        "access/people/ann.yaml, ann.yaml, misplaced-trust-kind",
        "access/grants/ann-change-control.yaml, access/people/ann-change-control.yaml, misplaced-trust-kind",
        "policies/tls-13.yaml, docs/policies/tls-13.yaml, misplaced-trust-kind",
        "targets/shop-1.yaml, systems/checkout/shop-1.yaml, misplaced-trust-kind",
        "countersign.yaml, access/countersign.yaml, misplaced-trust-kind",
        "policies/edge-tls-12.yaml, systems/checkout/edge-tls-12.yaml, misplaced-trust-kind",
        "policies/edge-tls-12.yaml, policies/other.yaml, name-differs-from-file",
        "calendar/shop.yaml, policies/shop.yaml, misplaced-trust-kind",
        "calendar/shop.yaml, calendar/2026/shop.yaml, misplaced-trust-kind",
        "calendar/shop.yaml, calendar/store.yaml, name-differs-from-file",
        "services/shop.yaml, systems/shop/shop.yaml, misplaced-kind",
        "templates/renew-certificate.yaml, changes/2026-11-21/renew-certificate.yaml, misplaced-kind",
        "keys/checkout-tls.yaml, access/people/checkout-tls.yaml, misplaced-kind",
        "policies/tls-13.test.yaml, policies/tls-13.yaml, misplaced-kind",
        "systems/checkout/checkout-production.yaml, systems/checkout-production.yaml, misplaced-kind",
        "systems/checkout/checkout-production.yaml, systems/checkout/eu/checkout-production.yaml, misplaced-kind",
        "changes/2026-11-21/raise-port.yaml, changes/raise-port.yaml, misplaced-kind",
        "changes/2026-11-21/raise-port.yaml, changes/2026-02-30/raise-port.yaml, misplaced-kind",
        "access/people/ann.yaml, access/people/bob.yaml, name-differs-from-file",
        "policies/tls-13.yaml, policies/tls-13.test.yaml, name-differs-from-file",
        "changes/2026-11-21/raise-port.yaml, changes/2026-11-21/other.yaml, name-differs-from-file",
        "systems/checkout/checkout-production.yaml, systems/checkout/checkout-test.yaml, name-differs-from-file",
    })
    void a_kind_counts_only_in_its_own_place(String from, String to, String rule) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> documents.read(to, example(from)));

        assertThat(refusal.rule()).isEqualTo(rule);
        assertThat(refusal.findings().get(0).place().line()).isPositive();
    }

    @Test
    void payload_is_never_interpreted_even_if_it_looks_like_a_trust_document() {
        assertThat(documents.read("systems/checkout/files/ann.yaml", example("access/people/ann.yaml")))
                .isEmpty();
        assertThat(documents.read("systems/checkout/files/broken.yaml", bytes("a: [*x")))
                .isEmpty();
    }

    @Test
    void plain_content_is_never_interpreted() {
        assertThat(documents.read("README.md", bytes("# Shop"))).isEmpty();
        assertThat(documents.read("docs/Plan.txt", bytes("a: [*x"))).isEmpty();
    }

    @Test
    void a_yml_file_is_refused() {
        assertThat(refusal("targets/shop-1.yml", "a: 1").rule()).isEqualTo("yml-suffix");
        assertThat(refusal("targets/shop-1.YML", "a: 1").rule()).isEqualTo("yml-suffix");
        assertThat(refusal("targets/shop-1.YAML", "a: 1").rule()).isEqualTo("path-characters");
    }

    @Test
    void other_formats_and_kinds_are_refused_with_a_guess() {
        assertThat(refusal("targets/x.yaml", "apiVersion: v1\nkind: Pod\n").findings())
                .extracting(Finding::rule)
                .contains("unknown-api-version", "unknown-kind");
        assertThat(refusal("targets/x.yaml", "kind: [a]\n").findings())
                .extracting(Finding::rule)
                .containsExactly("unknown-api-version", "unknown-kind");
        assertThat(refusal("targets/x.yaml", "apiVersion: countersign.dev/v1\nkind: Taget\n"))
                .hasMessageContaining("targets/x.yaml:2:7")
                .hasMessageContaining("did you mean Target?");
    }

    @Test
    void a_trust_kind_out_of_place_is_refused_for_its_place_whatever_else_is_wrong_with_it() {
        String waiver = "apiVersion: countersign.dev/v1\nkind: Waiver\nmetadata: {name: x}\nspec: {}\n";

        assertThat(refusal("policies/x.yaml", waiver).rule()).isEqualTo("missing-field");
        assertThat(refusal("systems/checkout/x.yaml", waiver).findings())
                .extracting(Finding::rule)
                .contains("misplaced-trust-kind", "missing-field");
    }

    @Test
    void a_pointer_of_git_lfs_is_refused_wherever_it_stands() {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n";

        assertThat(refusal("systems/checkout/files/logo.png", pointer).rule()).isEqualTo("lfs-pointer");
        assertThat(refusal("targets/x.yaml", pointer).rule()).isEqualTo("lfs-pointer");
    }

    @Test
    void sizes_are_bounded_by_what_the_file_is() {
        assertThat(refusal("README.md", "x".repeat((1 << 20) + 1)).rule()).isEqualTo("too-large");
        assertThat(documents.read("systems/checkout/files/x", new byte[2 << 20]))
                .isEmpty();
        assertThat(refusal("systems/checkout/files/x", "x".repeat((16 << 20) + 1))
                        .rule())
                .isEqualTo("too-large");
    }

    @Test
    void a_document_with_warnings_is_read_and_the_warnings_are_told() {
        String text = person().replace("team: Payments", "team: off");

        Inspection inspection = documents.inspect("access/people/ann.yaml", bytes(text));

        assertThat(inspection.document()).isNotNull();
        assertThat(inspection.blocks()).isFalse();
        assertThat(inspection.findings()).extracting(Finding::rule).containsExactly("ambiguous-scalar");
    }

    @Test
    void a_document_full_of_mistakes_gives_a_bounded_number_of_findings() {
        String text = example(
                "systems/checkout/checkout-production.yaml",
                "targets: [shop-1]",
                "targets: [" + "1, ".repeat(50_000) + "]");
        String broken = text.replace("1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ", "1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n    ");

        List<Finding> findings = documents
                .inspect("systems/checkout/checkout-production.yaml", bytes(broken))
                .findings();

        assertThat(findings).hasSize(100).extracting(Finding::rule).contains("wrong-type");
    }

    @Test
    void one_reader_serves_many_threads() {
        List<String> paths = examples().toList();

        List<Integer> findings = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> paths.get(i % paths.size()))
                .map(path -> documents.inspect(path, example(path)).findings().size())
                .distinct()
                .toList();

        assertThat(findings).containsExactly(0);
    }

    private static Stream<String> examples() {
        try {
            Path root = Path.of(Objects.requireNonNull(DocumentsTest.class.getResource("/documents"))
                    .toURI());
            try (Stream<Path> files = Files.walk(root)) {
                return files
                        .filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString())
                        .sorted()
                        .toList()
                        .stream();
            }
        } catch (IOException | URISyntaxException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static byte[] example(String path) {
        try (var in = Objects.requireNonNull(DocumentsTest.class.getResourceAsStream("/documents/" + path))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String example(String path, String good, String bad) {
        return new String(example(path), StandardCharsets.UTF_8).replace(good, bad);
    }

    private static Set<String> specFields(Kind kind) {
        Map<String, ?> schema = Json.readObject(kind.label(), Schemas.published(kind));
        Map<?, ?> properties = (Map<?, ?>) schema.get("properties");
        Map<?, ?> spec = (Map<?, ?>) properties.get("spec");
        Set<String> fields = new TreeSet<>();
        ((Map<?, ?>) spec.get("properties")).keySet().forEach(key -> fields.add((String) key));
        return fields;
    }

    private static String person() {
        return new String(example("access/people/ann.yaml"), StandardCharsets.UTF_8);
    }

    private Refusal refusal(String path, String text) {
        return catchThrowableOfType(Refusal.class, () -> documents.read(path, bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
