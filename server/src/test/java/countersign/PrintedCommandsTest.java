package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of pages in {@code docs} as they are printed, with the classes as they are compiled now. */
final class PrintedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAR = Pattern.compile("java -jar \\S+countersign\\.jar\"");
    private static final long MINUTES = 5;

    @TempDir
    private Path folder;

    @Test
    void every_command_of_the_tutorial_works_as_it_is_printed() throws Exception {
        assertThat(run("docs/tutorial.md"))
                .contains("cache-seconds=45", "/longer-cache", "-longer-cache as", "verified");
    }

    @Test
    void every_recipe_for_people_and_keys_works_as_it_is_printed() throws Exception {
        assertThat(run("docs/how-to/people-and-keys.md"))
                .contains(
                        "frank-joins as", "frank-leaves as", "dave-has-a-new-key as", "old-server-key as", "verified");
    }

    @Test
    void who_watches_sees_every_step_as_it_is_printed() throws Exception {
        assertThat(runBehindTutorial("docs/how-to/watch.md"))
                .contains("change.opened", "\"items\":[{\"id\":", "event: change.merged", "event: unit.applied");
    }

    @Test
    void webhooks_work_as_they_are_printed() throws Exception {
        assertThat(runBehindTutorial("docs/how-to/webhooks.md"))
                .contains("dev.countersign.change.merged longer-cache", "delivered", "deleted ");
    }

    private String run(String page) throws Exception {
        return execute(commands(Files.readString(Path.of(page))));
    }

    /** The same behind the tutorial's first three sections. */
    private String runBehindTutorial(String page) throws Exception {
        String tutorial = Files.readString(Path.of("docs/tutorial.md"));
        assertThat(tutorial).contains("\n## 4. ");
        String beginning = tutorial.substring(0, tutorial.indexOf("\n## 4. "));
        return execute(commands(beginning) + "\n" + commands(Files.readString(Path.of(page))));
    }

    /** What the commands print, all of which must succeed. */
    private String execute(String commands) throws Exception {
        Path script = Files.writeString(folder.resolve("script.sh"), script(commands));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(Files.createDirectory(folder.resolve("empty")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SOURCE", Path.of("").toAbsolutePath().toString());
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("no_proxy", "127.0.0.1");

        Process process = builder.start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();

        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    /** All commands, ended by the first that fails; the port and the program are the test's. */
    private static String script(String commands) throws IOException {
        assertThat(commands).contains("java -jar").contains("8080");
        return "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"
                + JAR.matcher(commands)
                        .replaceAll(Matcher.quoteReplacement(program()))
                        .replace("8080", Integer.toString(freePort()))
                        .replace("9090", Integer.toString(freePort()));
    }

    private static String commands(String page) {
        return BLOCK.matcher(page).results().map(found -> found.group(1)).collect(Collectors.joining("\n"));
    }

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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
