package countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that shares no code with ours reaches the verdict of {@link CloneAuditTest} on the same clones. */
final class IndependentVerifierTest {
    private static final Path PROGRAM = Path.of("server/src/test/resources/python/verify_clone.py");

    @TempDir
    static Path folder;

    static History history;

    @BeforeAll
    static void play() throws Exception {
        history = History.play(folder);
    }

    @Test
    void it_finds_the_clone_of_an_honest_server_good() throws Exception {
        Said said = verify(history.copy(folder.resolve("good")), history.genesis);

        assertThat(said.text).doesNotContain("FAIL").endsWith("\nverified\n");
        assertThat(said.exit).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void it_finds_a_forgery_and_names_its_place(Forgery forgery) throws Exception {
        Path clone = history.copy(folder.resolve(forgery.name()));
        forgery.on(new Forger(clone, history));

        Said said = verify(clone, history.genesis);

        assertThat(said.exit).isOne();
        assertThat(said.text).endsWith("\nNOT VERIFIED\n").doesNotContain("malformed");
        assertThat(said.text.lines().filter(line -> line.startsWith("FAIL")))
                .anySatisfy(line -> assertThat(line).contains(forgery.place));
    }

    @Test
    void it_refuses_a_merge_as_genesis() throws Exception {
        Said said = verify(
                history.copy(folder.resolve("wrong-pin")), history.lastMerge().after());

        assertThat(said.exit).isOne();
        assertThat(said.text).contains("the pinned genesis must be " + history.genesis);
    }

    private static Said verify(Path clone, String genesis) throws Exception {
        Process process = new ProcessBuilder(List.of("python3", PROGRAM.toString(), genesis, clone.toString()))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private record Said(int exit, String text) {}
}
