package countersign.cli.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another program, run once, with what it prints bounded in bytes and its life bounded in time. */
public final class Subprocess {
    private static final int MAX_OUTPUT = 1 << 20;

    private Subprocess() {}

    /**
     * How a program ended.
     *
     * @param code its exit code
     * @param output what it wrote to standard output, without white space at the ends
     */
    public record Result(int code, String output) {}

    /** Runs a program whose words of complaint are of no interest. */
    public static Result run(Path folder, List<String> command) {
        return run(
                new ProcessBuilder(command)
                        .directory(folder.toAbsolutePath().toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(nowhere()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD),
                Duration.ofSeconds(20));
    }

    /** Runs git, which then starts no program that the settings of the folder name. */
    public static Result git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath="));
        command.addAll(List.of(arguments));
        return run(folder, command);
    }

    /** Runs a program that may talk to the user: it asks for passphrases and touches. */
    public static Result runInteractively(Path folder, List<String> command, Duration patience) {
        return run(
                new ProcessBuilder(command)
                        .directory(folder.toAbsolutePath().toFile())
                        .redirectInput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT),
                patience);
    }

    private static java.io.File nowhere() {
        return new java.io.File("/dev/null");
    }

    private static Result run(ProcessBuilder builder, Duration patience) {
        String program = builder.command().get(0);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new UncheckedIOException(
                        new IOException(program + " did not end within " + patience.toSeconds() + " s"));
            }
            return new Result(process.exitValue(), output.strip());
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + program + ": " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while " + program + " ran", interrupted));
        }
    }
}
