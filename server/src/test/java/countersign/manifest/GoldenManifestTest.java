package countersign.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import countersign.codec.Fields;
import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.document.reader.Documents;
import countersign.repository.DocumentReader;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.object.InMemoryRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests of engine 1, byte for byte; see the README beside the cases. */
class GoldenManifestTest {
    private static final Path RESOURCES = Path.of("server/src/test/resources");
    private static final Path CASES = RESOURCES.resolve("golden");

    @ParameterizedTest
    @MethodSource("cases")
    void the_manifest_has_the_golden_bytes(String name) throws IOException {
        Path folder = CASES.resolve(name);
        Effect effect = new Effect(new DocumentReader(new Documents(), 100));
        Effect.Proposal proposal = proposal(folder);

        byte[] computed = effect.manifest(proposal).bytes();

        if (Boolean.getBoolean("golden.write")) {
            Files.write(folder.resolve("manifest.json"), computed);
            fail("written, not compared");
        }
        assertThat(effect.check(proposal)).noneMatch(Finding::blocks);
        assertThat(computed).asString(StandardCharsets.UTF_8).isEqualTo(read(folder.resolve("manifest.json")));
        assertThat(Manifest.parse(computed).bytes()).isEqualTo(computed);
    }

    @Test
    void an_independent_program_computes_the_same_manifests() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("python3", RESOURCES.resolve("python/manifest_check.py").toString()));
        cases().forEach(name -> command.add(CASES.resolve(name).toString()));

        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said.lines()).hasSizeGreaterThanOrEqualTo(20).allMatch(line -> line.endsWith(" agrees"));
    }

    @Test
    void the_independent_program_notices_one_altered_byte() throws IOException, InterruptedException {
        Path copy = Files.createTempDirectory("golden");
        Path folder = CASES.resolve("payload-edited");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        copy.resolve("case").resolve(folder.relativize(file).toString()));
            }
        }
        Files.writeString(copy.resolve("case/after/systems/shop/files/a.html"), "<p>TWO</p>\n");

        Process process = new ProcessBuilder(
                        "python3",
                        RESOURCES.resolve("python/manifest_check.py").toString(),
                        copy.resolve("case").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isOne();
        assertThat(said).contains("case ").contains(" differs:");
    }

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Effect.Proposal proposal(Path folder) throws IOException {
        Fields expected = Fields.of("case", Json.readObject("case", Files.readAllBytes(folder.resolve("case.json"))));
        Fields executable = expected.object("executable");
        InMemoryRepository repository = new InMemoryRepository();
        return new Effect.Proposal(
                tree(repository, folder.resolve("before"), executable.textList("before")),
                tree(repository, folder.resolve("after"), executable.textList("after")),
                ChangeId.parse(expected.text("change")),
                expected.textList("contributors"));
    }

    private static Snapshot tree(InMemoryRepository repository, Path folder, List<String> executable)
            throws IOException {
        Map<String, Edit> edits = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String written = folder.relativize(file).toString();
                String path = URLDecoder.decode(written, StandardCharsets.UTF_8);
                FileMode mode = executable.contains(path) ? FileMode.EXECUTABLE : FileMode.REGULAR;
                edits.put(path, new Edit.Write(mode, Files.readAllBytes(file)));
            }
        }
        return repository.snapshotOfTree(repository.edit(null, edits));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
