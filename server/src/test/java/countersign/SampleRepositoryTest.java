package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.codec.Finding;
import countersign.document.Document;
import countersign.document.Kind;
import countersign.document.reader.Documents;
import countersign.document.reference.DocumentName;
import countersign.document.reference.References;
import countersign.document.secret.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
    void no_file_holds_what_looks_like_a_secret() {
        Stream<Finding> findings = files().stream().flatMap(file -> Secrets.scan(name(file), bytes(file)).stream());

        assertThat(findings).isEmpty();
    }

    @Test
    void every_reference_names_a_document_that_exists() {
        List<Document> documents = documents();
        Predicate<DocumentName> names =
                name -> documents.stream().map(DocumentName::of).anyMatch(name::equals);

        Stream<Finding> findings = documents.stream().flatMap(document -> References.check(document, names).stream());

        assertThat(findings).isEmpty();
        assertThat(References.duplicateNames(documents)).isEmpty();
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
        Map<String, Path> shipped = files(Path.of("policies")).stream()
                .filter(file -> file.toString().endsWith(".yaml"))
                .collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file));

        List<Path> copies = files().stream()
                .filter(file -> file.getParent().endsWith("policies"))
                .filter(file -> shipped.containsKey(file.getFileName().toString()))
                .toList();

        assertThat(copies)
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(copy -> assertThat(copy)
                        .hasSameBinaryContentAs(shipped.get(copy.getFileName().toString())));
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
        return files(ROOT);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
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
