package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of pages in {@code docs} as they are printed, with the classes as they are compiled now. All pages
 * run at once, each behind what it builds on, and each test waits for its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class PrintedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAR = Pattern.compile("java -jar \\S+countersign\\.jar\"");
    private static final long MINUTES = 20;

    private final Map<String, Page> pages = new HashMap<>();

    /** What runs, and the file to which it prints. */
    private record Page(Process process, Path output) {}

    @BeforeAll
    void start_all_pages(@TempDir Path folder) throws IOException {
        String tutorial = page("docs/tutorial.md");
        start(folder.resolve("tutorial"), commands(tutorial));
        start(folder.resolve("people"), commands(page("docs/how-to/people-and-keys.md")));
        start(folder.resolve("events"), watchingAndWebhooks(tutorial));
    }

    @AfterAll
    void end_what_still_runs() throws InterruptedException {
        for (Page page : pages.values()) {
            end(page.process());
        }
    }

    @Test
    void every_command_of_the_tutorial_works_as_it_is_printed() throws Exception {
        assertThat(said("tutorial")).contains("cache-seconds=45", "/longer-cache", "-longer-cache as", "verified");
    }

    @Test
    void every_recipe_for_people_and_keys_works_as_it_is_printed() throws Exception {
        assertThat(said("people"))
                .contains(
                        "frank-joins as", "frank-leaves as", "dave-has-a-new-key as", "old-server-key as", "verified");
    }

    @Test
    void who_watches_sees_every_step_and_webhooks_tell_it_as_it_is_printed() throws Exception {
        assertThat(said("events"))
                .contains("change.opened", "\"items\":[{\"id\":", "event: change.merged", "event: unit.applied")
                .contains("dev.countersign.change.merged longer-still", "delivered", "deleted ");
    }

    /**
     * Both pages build on the first three sections of the tutorial, and one server is enough for them: the second one
     * finds another change like the first. What the first page sets is not seen by the second.
     */
    private static String watchingAndWebhooks(String tutorial) throws IOException {
        int change = tutorial.indexOf("\n## 3. ");
        int approval = tutorial.indexOf("\n## 4. ");
        assertThat(change).isPositive();
        assertThat(approval).isGreaterThan(change);
        String again = commands(tutorial.substring(change, approval)).replace("seconds: 45", "seconds: 46") + "\n"
                + commands(page("docs/how-to/webhooks.md"));
        return String.join(
                "\n",
                commands(tutorial.substring(0, approval)),
                "(",
                commands(page("docs/how-to/watch.md")),
                ")",
                again.replace("longer-cache", "longer-still").replace("ann-clone", "ann-again"));
    }

    private static String page(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private void start(Path folder, String commands) throws IOException {
        Path script = Files.writeString(folder.resolveSibling(folder.getFileName() + ".sh"), script(commands));
        Path output = folder.resolveSibling(folder.getFileName() + ".txt");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(Files.createDirectory(folder).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SOURCE", Path.of("").toAbsolutePath().toString());
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("no_proxy", "127.0.0.1");
        pages.put(folder.getFileName().toString(), new Page(builder.start(), output));
    }

    /** What the commands printed, all of which must succeed. */
    private String said(String name) throws Exception {
        Page page = Objects.requireNonNull(pages.get(name));
        boolean ended = page.process().waitFor(MINUTES, TimeUnit.MINUTES);
        end(page.process());

        String printed = Files.readString(page.output());
        assertThat(ended).as(printed).isTrue();
        assertThat(page.process().exitValue()).as(printed).isZero();
        return printed;
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /** All commands, ended by the first that fails; the port and the program are the test's. */
    private static String script(String commands) throws IOException {
        assertThat(commands).contains("java -jar").contains("8080");
        return "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"
                + JAR.matcher(commands)
                        .replaceAll(Matcher.quoteReplacement(program()))
                        .replace("8080", Integer.toString(Ports.free()))
                        .replace("9090", Integer.toString(Ports.free()));
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
}
