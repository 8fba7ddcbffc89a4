package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plays {@code ./dev demo --walkthrough} with the classes as they are compiled now, without the jar. */
class WalkthroughTest {
    private static final long MINUTES = 20;

    @Test
    void every_step_of_the_walkthrough_has_its_effect(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        String data = folder.resolve("demo").toString();
        ProcessBuilder builder =
                new ProcessBuilder("python3", "-B", "server/src/demo/demo.py", "--walkthrough", "--data", data);
        builder.environment().put("COUNTERSIGN_COMMAND", program());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());

        Process play = builder.start();
        boolean ended = play.waitFor(MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            end(play);
        }

        assertThat(ended)
                .as("ends in time; so far:%n%s", Files.readString(output))
                .isTrue();
        assertThat(play.exitValue()).as("%s", Files.readString(output)).isZero();
    }

    /** The program on this test's own class path, as a shell would quote it. */
    private static String program() {
        return List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** The play and the servers that it started. */
    private static void end(Process play) throws InterruptedException {
        play.descendants().forEach(ProcessHandle::destroyForcibly);
        play.destroyForcibly().waitFor();
    }
}
