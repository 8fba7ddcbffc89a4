package countersign.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Broken inputs, made from those in {@code src/test/resources/fuzz}: every parser reads them or refuses them by name.
 * {@code -Dfuzz.runs} and {@code -Dfuzz.seed} ask for more, or for others. What fails is kept in {@code target/fuzz}; it
 * belongs into the corpus.
 */
final class ParsersTest {
    private static final Path CORPUS = Path.of("server/src/test/resources/fuzz");
    private static final Path FAILED = Path.of("target/fuzz");
    private static final int RUNS = Integer.getInteger("fuzz.runs", 4_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_122);

    /** No budget: only so that a parser that never ends fails. */
    private static final Duration FOR_EVER = Duration.ofMinutes(5);

    @ParameterizedTest
    @EnumSource
    void every_input_is_read_or_refused_by_name(Parser parser) {
        List<byte[]> corpus = corpus(parser);
        Mutation mutation = new Mutation(new SplittableRandom(SEED), corpus);

        assertTimeoutPreemptively(FOR_EVER, () -> {
            corpus.forEach(input -> tryOut(parser, input));
            for (int run = 0; run < RUNS; run++) {
                tryOut(parser, mutation.next());
            }
        });
    }

    /** What has one way to be written is refused when it is written in another. */
    private static void tryOut(Parser parser, byte[] input) {
        try {
            parser.parse(input)
                    .ifPresent(written -> assertThat(written)
                            .as(parser + " has read it, and writes")
                            .isEqualTo(input));
        } catch (Refusal refusal) {
            assertThat(refusal.rule()).matches("[a-z0-9-]+");
            assertThat(refusal.findings().size()).isBetween(1, 10_000);
        } catch (RuntimeException | Error broken) {
            throw new AssertionError(parser + " breaks on " + keep(parser, input), broken);
        }
    }

    private static String keep(Parser parser, byte[] input) {
        try {
            Path folder = Files.createDirectories(FAILED.resolve(parser.folder()));
            return Files.write(folder.resolve(Sha256.of(input).hex().substring(0, 16)), input)
                    .toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<byte[]> corpus(Parser parser) {
        List<byte[]> inputs = new ArrayList<>();
        switch (parser) {
            case DOCUMENT -> inputs.addAll(files(Path.of("sample-repo/systems")));
            case CHANGE_REQUEST ->
                inputs.addAll(files(Path.of("server/src/test/resources/golden/rollback/after/changes")));
            case YAML -> inputs.addAll(files(Path.of("sample-repo/policies")));
            default -> {}
        }
        if (Files.isDirectory(CORPUS.resolve(parser.folder()))) {
            inputs.addAll(files(CORPUS.resolve(parser.folder())));
        }
        inputs.add("".getBytes(StandardCharsets.UTF_8));
        assertThat(inputs).as("the corpus of " + parser).hasSizeGreaterThan(1);
        return inputs;
    }

    private static List<byte[]> files(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<byte[]> bytes = new ArrayList<>();
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                bytes.add(Files.readAllBytes(file));
            }
            return bytes;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
