package countersign.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stock git client, run in one folder, without any configuration of the machine. */
public final class Git {
    private final Path folder;
    private final String name;
    private final String email;

    public Git(Path folder) {
        this(folder, "Ann Example", "ann@example.org");
    }

    /** Commits are in the name of this person. */
    public Git(Path folder, String name, String email) {
        this.folder = folder;
        this.name = name;
        this.email = email;
    }

    /** Runs git and demands success; gives what it printed. */
    public String run(String... arguments) throws IOException, InterruptedException {
        Result result = attempt(arguments);
        if (result.exit != 0) {
            throw new AssertionError("git " + String.join(" ", arguments) + " ended with " + result);
        }
        return result.output.strip();
    }

    /** Runs git, whatever comes of it. */
    public Result attempt(String... arguments) throws IOException, InterruptedException {
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
                        "GIT_CONFIG_NOSYSTEM",
                        "1",
                        "GIT_CONFIG_GLOBAL",
                        "/dev/null",
                        "GIT_TERMINAL_PROMPT",
                        "0",
                        "GIT_AUTHOR_NAME",
                        name,
                        "GIT_AUTHOR_EMAIL",
                        email,
                        "GIT_COMMITTER_NAME",
                        name,
                        "GIT_COMMITTER_EMAIL",
                        email,
                        "LC_ALL",
                        "C"));
        return builder;
    }

    /** How a run of git ended. */
    public record Result(int exit, String output, String error) {}
}
