package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Java that prints its arguments instead of running them. */
final class LauncherTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(folder.resolve("jdk/bin"));
        program(folder.resolve("jdk/bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        cores(8);
        Files.createDirectories(folder.resolve("opt"));
        program(folder.resolve("opt/countersign"), Files.readString(Path.of("server/src/launcher/countersign")));
    }

    @Test
    void a_server_begins_with_a_small_heap_and_all_compilers() throws Exception {
        assertThat(launch(Map.of(), "serve", "--data", "a folder"))
                .containsExactly("-Xms24m", "-jar", jar(), "serve", "--data", "a folder");
    }

    @Test
    void a_server_on_few_cores_leaves_them_to_requests() throws Exception {
        for (int few : List.of(1, 2)) {
            cores(few);

            assertThat(launch(Map.of(), "serve"))
                    .containsExactly("-Xms24m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar(), "serve");
        }
        cores(20);
        assertThat(launch(Map.of(), "serve")).containsExactly("-Xms24m", "-jar", jar(), "serve");
    }

    @Test
    void the_collector_that_somebody_asks_for_is_the_only_one() throws Exception {
        cores(2);

        assertThat(launch(Map.of("COUNTERSIGN_JAVA_OPTIONS", "-XX:+UseG1GC"), "serve"))
                .containsExactly("-Xms24m", "-XX:TieredStopAtLevel=1", "-XX:+UseG1GC", "-jar", jar(), "serve");
    }

    @Test
    void the_compiler_that_somebody_asks_for_is_the_last_one_named() throws Exception {
        cores(2);

        assertThat(launch(Map.of("COUNTERSIGN_JAVA_OPTIONS", "-XX:TieredStopAtLevel=4"), "serve"))
                .containsSubsequence("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4", "-jar");
    }

    @Test
    void other_commands_are_made_to_end_soon() throws Exception {
        assertThat(launch(Map.of(), "validate"))
                .containsExactly("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar(), "validate");
    }

    @Test
    void an_archive_of_classes_is_used_if_there_is_one_and_options_are_added() throws Exception {
        Files.createFile(folder.resolve("opt/countersign.jsa"));

        List<String> arguments = launch(Map.of("COUNTERSIGN_JAVA_OPTIONS", "-Xmx1g -XX:+UseSerialGC"), "serve");

        assertThat(arguments)
                .contains("-XX:SharedArchiveFile=" + folder.toRealPath().resolve("opt/countersign.jsa"))
                .containsSequence("-Xmx1g", "-XX:+UseSerialGC", "-jar", jar(), "serve");
    }

    @Test
    void a_link_to_the_launcher_finds_the_jar() throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("opt/countersign"));

        assertThat(run(folder.resolve("link"), Map.of(), "--version")).contains(jar());
    }

    /** The launcher finds a machine with so many cores. */
    private void cores(int count) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        program(folder.resolve("bin/nproc"), "#!/bin/sh\necho " + count + "\n");
    }

    private String jar() throws IOException {
        return folder.toRealPath().resolve("opt/countersign.jar").toString();
    }

    private List<String> launch(Map<String, String> variables, String... arguments) throws Exception {
        return run(folder.resolve("opt/countersign"), variables, arguments);
    }

    private List<String> run(Path launcher, Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().remove("COUNTERSIGN_JAVA_OPTIONS");
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, first) -> first + ":" + path);
        builder.environment().putAll(variables);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
