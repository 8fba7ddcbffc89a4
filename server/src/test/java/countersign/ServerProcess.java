package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A server in a process of its own that goes only by being killed. It listens at a port that the machine chooses. */
final class ServerProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern LISTENING = Pattern.compile("(?m)^listening at (\\S+)$");

    private final Process process;
    private final Path output;

    private ServerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Serves a data folder by a main class, behind these arguments of its own. What it says is beside the folder. */
    static ServerProcess start(Class<?> main, List<String> own, Path data, Map<String, String> variables)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(own);
        command.addAll(List.of("serve", "--data", data.toString(), "--port", "0"));
        Path output = data.resolveSibling("server.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        return new ServerProcess(builder.start(), output);
    }

    /** Where it listens; waits until it does. */
    String url() {
        Awaitility.await("listening").atMost(PATIENCE).until(() -> listening().find() || !process.isAlive());
        Matcher listening = listening();
        assertThat(listening.find()).as(said()).isTrue();
        return listening.group(1);
    }

    /** Kills it, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private Matcher listening() {
        return LISTENING.matcher(said());
    }

    private String said() {
        try {
            return Files.readString(output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
