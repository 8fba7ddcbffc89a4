package countersign.apply.fact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.reader.Documents;
import countersign.manifest.Unit;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.repository.object.InMemoryRepository;
import countersign.target.InMemoryDriver;
import countersign.target.Space;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetFactsTest {
    private static final String PATH = "systems/shop/shop-test.yaml";
    private static final Unit UNIT = new Unit("web", "shop-test");

    private final Repository repository = new InMemoryRepository();
    private final DocumentReader documents = new DocumentReader(new Documents(), 100);
    private final Map<Unit, String> standing = new HashMap<>();
    private final InMemoryDriver driver = new InMemoryDriver();
    private final TargetFacts facts = new TargetFacts(
            repository, documents, unit -> Optional.ofNullable(standing.get(unit)), Map.of("directory", driver));

    @ParameterizedTest(name = "{0} stands with {1}, the document says {2}: {3}")
    @CsvSource(nullValues = "-", textBlock = """
            2.4.0, -,     2.4.0, none
            2.4.0, -,     2.3.0, installed-version-differs
            2.4.0, -,     -,     none
            2.4.0, -,     2.5.0, none
            2.2.0, -,     2.2.0, package-not-applicable
            2.2.0, -,     -,     package-not-applicable
            2.2.0, -,     2.5.0, package-not-applicable
            2.2.0, -,     2.4.0, package-not-applicable installed-version-differs
            2.2.0, 2.4.0, 2.4.0, none
            2.2.0, 2.4.0, 2.2.0, installed-version-differs
            2.6.0, -,     2.4.0, package-not-applicable package-downgrade installed-version-differs
            """)
    void a_package_goes_over_what_the_target_reports(String was, String brought, String said, String found) {
        stands(system(brought == null ? "[]" : "[other]", was, ""), brought == null ? "2.0.0" : brought);

        List<Finding> findings = facts.installed(tree(system("[next]", said, ""), "2.0.0"), system(said), UNIT);

        assertThat(findings).extracting(Finding::rule).containsExactlyInAnyOrder(rules(found));
    }

    @Test
    void a_target_that_reports_nothing_is_believed_to_be_as_the_document_says() {
        assertThat(facts.installed(tree(system("[next]", "2.4.0", ""), "2.0.0"), system("2.4.0"), UNIT))
                .isEmpty();
        assertThat(facts.installed(tree(system("[next]", "2.2.0", ""), "2.0.0"), system("2.2.0"), UNIT))
                .extracting(Finding::rule)
                .containsExactly("package-not-applicable");
    }

    @Test
    void both_sides_of_a_difference_are_named() {
        stands(system("[]", "2.4.0", ""), "2.0.0");

        assertThat(facts.installed(tree(system("[next]", "2.3.0", ""), "2.0.0"), system("2.3.0"), UNIT))
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .contains("says 2.3.0, the target web reports 2.4.0 by its last receipt of shop-test"));
    }

    @ParameterizedTest(name = "stands with {0}, wants {1}, free are {2} MiB and {3} files: {4}")
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            -                   | diskMebibytes: 100 | 100 | - | none
            -                   | diskMebibytes: 101 | 100 | - | capacity-short
            diskMebibytes: 90   | diskMebibytes: 101 | 11  | - | none
            diskMebibytes: 90   | diskMebibytes: 101 | 10  | - | capacity-short
            diskMebibytes: 101  | diskMebibytes: 101 | 0   | - | none
            -                   | diskFiles: 50      | 0   | 49 | capacity-short
            -                   | diskFiles: 50      | 0   | 50 | none
            -                   | diskFiles: 50      | 0   | -  | none
            -                   | processors: 4      | 0   | 0  | none
            """)
    void a_need_beyond_what_stands_is_held_against_what_is_free(
            String had, String wants, long free, Long files, String found) {
        driver.report(new Space(free << 20, files));
        if (had != null) {
            stands(system("[]", null, had), "2.0.0");
        }
        Snapshot after = tree(system("[]", null, wants), "2.0.0");

        List<Finding> findings = facts.room(after, documents.find(after, PATH).orElseThrow(), UNIT);

        assertThat(findings).extracting(Finding::rule).containsExactlyInAnyOrder(rules(found));
    }

    @Test
    void a_need_that_is_not_met_names_what_is_needed_and_what_is_free() {
        driver.report(new Space(512L << 20, null));
        Snapshot after = tree(system("[]", null, "diskMebibytes: 2048"), "2.0.0");

        assertThat(facts.room(after, documents.find(after, PATH).orElseThrow(), UNIT))
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .contains("needs 2048 MiB of disk more for shop-test, the target web has 512 free")
                        .startsWith(PATH + ":"));
    }

    @Test
    void a_target_that_reports_no_room_is_not_asked_for_any() {
        Snapshot after = tree(system("[]", null, "diskMebibytes: 2048"), "2.0.0");

        assertThat(facts.room(after, documents.find(after, PATH).orElseThrow(), UNIT))
                .isEmpty();
    }

    private static String[] rules(String found) {
        return found.equals("none") ? new String[0] : found.split(" ", -1);
    }

    private Document system(String version) {
        return documents
                .find(tree(system("[next]", version, ""), "2.0.0"), PATH)
                .orElseThrow();
    }

    private void stands(String system, String other) {
        Commit.Identity ann = new Commit.Identity("Ann", "ann@shop.example", Instant.parse("2026-11-21T10:00:00Z"));
        standing.put(
                UNIT,
                repository.commit(new CommitDraft(tree(system, other).treeId(), List.of(), ann, ann, "Change\n")));
    }

    private Snapshot tree(String system, String other) {
        Map<String, Edit> edits = new HashMap<>();
        edits.put(PATH, write(system));
        edits.put("packages/next.yaml", write(upgrade("next", "2.5.0", ">=2.3.0 <2.5.0")));
        edits.put("packages/other.yaml", write(upgrade("other", other, ">=1.0.0")));
        edits.put("targets/web.yaml", write("""
                apiVersion: countersign.dev/v1
                kind: Target
                metadata: {name: web}
                spec: {environment: test, driver: directory, directory: {path: web}}
                """));
        return repository.snapshotOfTree(repository.edit(null, edits));
    }

    private static Edit write(String text) {
        return new Edit.Write(FileMode.REGULAR, text.getBytes(UTF_8));
    }

    private static String system(String packages, String version, String capacity) {
        return """
                apiVersion: countersign.dev/v1
                kind: SystemConfig
                metadata: {name: shop-test}
                spec:
                  owner: {unit: shop, person: ann}
                  environment: test
                  classification: public
                  targets: [web]
                  files: [{path: a.txt, content: a}]
                  product: shop
                  packages: %s
                """.formatted(packages)
                + (version == null ? "" : "  version: \"" + version + "\"\n")
                + (capacity.isEmpty() ? "" : "  capacity: {" + capacity + "}\n");
    }

    private static String upgrade(String name, String version, String over) {
        return """
                apiVersion: countersign.dev/v1
                kind: UpgradePackage
                metadata: {name: %s}
                spec:
                  product: shop
                  version: "%s"
                  releaseDate: 2026-11-01
                  supplier: {name: Example, contact: support@example.org}
                  contents: [{path: a.jar, size: 1, sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}]
                  steps: [{name: install, kind: copy, file: a.jar, timeout: PT5M}]
                  applicableTo: {versions: ["%s"]}
                  rollback: {supported: false}
                """.formatted(name, version, over);
    }
}
