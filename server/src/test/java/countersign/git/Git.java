package countersign.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stock git client, run in one folder, without any configuration of the machine. */
final class Git {
    private final Path folder;

    Git(Path folder) {
        this.folder = folder;
    }

    /** Runs git and demands success; gives what it printed. */
    String run(String... arguments) throws IOException, InterruptedException {
        Result result = attempt(arguments);
        if (result.exit != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + " ended with " + result);
        }
        return result.output.strip();
    }

    /** Runs git, whatever comes of it. */
    Result attempt(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Path errors = java.nio.file.Files.createTempFile("git", ".err");
        Process process = builder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("git did not end: " + command);
        }
        String error = java.nio.file.Files.readString(errors);
        java.nio.file.Files.delete(errors);
        return new Result(process.exitValue(), output, error);
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_TERMINAL_PROMPT", "0",
                        "GIT_AUTHOR_NAME", "Ann Example",
                        "GIT_AUTHOR_EMAIL", "ann@example.org",
                        "GIT_COMMITTER_NAME", "Ann Example",
                        "GIT_COMMITTER_EMAIL", "ann@example.org",
                        "LC_ALL", "C"));
        return builder;
    }

    /** How a run of git ended. */
    record Result(int exit, String output, String error) {}
}
