package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.Documents;
import countersign.document.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sample repository is what the documentation says it is, and nothing in it is wrong. */
final class SampleRepositoryTest {
    private static final Path ROOT = Path.of("sample-repo");

    private final Documents reader = new Documents();

    @Test
    void no_file_has_a_finding() {
        Stream<Finding> findings =
                files().stream().flatMap(file -> reader.inspect(name(file), bytes(file)).findings().stream());

        assertThat(findings).isEmpty();
    }

    @Test
    void every_reference_names_a_document_that_exists() {
        List<Document> documents = documents();
        Set<String> known = documents.stream()
                .map(document -> document.kind() + " " + document.name())
                .collect(Collectors.toSet());

        Stream<String> references = documents.stream().flatMap(document -> references(document).stream());

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(known).contains(reference));
    }

    @Test
    void every_payload_file_is_used_and_every_used_one_is_there() {
        Set<String> used = documents().stream()
                .filter(document -> document.kind() == Kind.SYSTEM_CONFIG)
                .flatMap(SampleRepositoryTest::payloads)
                .collect(Collectors.toSet());
        List<String> present = files().stream()
                .map(SampleRepositoryTest::name)
                .filter(path -> path.contains("/files/"))
                .toList();

        assertThat(present).containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void it_has_three_environments_and_leaves_keys_and_trust_root_to_init() {
        List<Document> documents = documents();

        assertThat(documents.stream()
                        .filter(document -> document.kind() == Kind.TARGET)
                        .map(target -> target.spec().text("environment")))
                .containsExactlyInAnyOrder("test", "staging", "production");
        assertThat(documents.stream().filter(document -> document.kind() == Kind.PERSON))
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        person -> assertThat(person.spec().objectList("keys")).isEmpty());
        assertThat(ROOT.resolve("countersign.yaml")).doesNotExist();
    }

    @Test
    void its_policies_are_the_shipped_ones_word_for_word() {
        List<Path> policies = files().stream()
                .filter(file -> Files.exists(Path.of("policies").resolve(file.getFileName())))
                .toList();

        assertThat(policies)
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(copy -> assertThat(copy)
                        .hasSameBinaryContentAs(Path.of("policies").resolve(copy.getFileName())));
    }

    private static List<String> references(Document document) {
        Fields spec = document.spec();
        List<String> references = new ArrayList<>();
        switch (document.kind()) {
            case ROLE_GRANT -> references.add(Kind.PERSON + " " + spec.text("person"));
            case SYSTEM_CONFIG -> {
                references.add(Kind.PERSON + " " + spec.object("owner").text("person"));
                add(references, Kind.TARGET, spec.textList("targets"));
                add(references, Kind.SYSTEM_CONFIG, spec.textList("dependsOn"));
                add(references, Kind.SYSTEM_CONFIG, spec.textList("startAfter"));
                add(references, Kind.UPGRADE_PACKAGE, spec.textList("packages"));
                add(references, Kind.KEY_INVENTORY, spec.textList("keys"));
            }
            case KEY_INVENTORY -> {
                references.add(Kind.PERSON + " " + spec.object("owner").text("person"));
                add(references, Kind.PERSON, spec.textList("custodians"));
                add(references, Kind.SYSTEM_CONFIG, spec.textList("usedBy"));
            }
            default -> {}
        }
        return references;
    }

    private static void add(List<String> references, Kind kind, List<String> names) {
        names.forEach(name -> references.add(kind + " " + name));
    }

    private static Stream<String> payloads(Document system) {
        String family = system.path().substring(0, system.path().lastIndexOf('/'));
        return system.spec().objectList("files").stream()
                .filter(file -> file.has("from"))
                .map(file -> family + "/files/" + file.text("from"));
    }

    private List<Document> documents() {
        return files().stream()
                .flatMap(file -> reader.read(name(file), bytes(file)).stream())
                .toList();
    }

    private static List<Path> files() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
