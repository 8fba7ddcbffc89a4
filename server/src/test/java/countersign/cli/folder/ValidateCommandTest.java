package countersign.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.git.Git;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ValidateCommandTest {
    private static final Path SAMPLE = Path.of("sample-repo");

    @TempDir
    private Path folder;

    @BeforeEach
    void copies_the_sample() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(SAMPLE.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    @Test
    void the_sample_is_clean() {
        Said said = validate();

        assertThat(said.out()).matches("\\d+ files, 0 errors, 0 warnings\\n");
        assertThat(said.code()).isZero();
    }

    /** A folder that somebody sent, with the settings that Git keeps in it. */
    @Test
    void the_settings_of_a_folder_run_nothing() throws Exception {
        Path run = folder.resolveSibling(folder.getFileName() + "-run");
        Git git = new Git(folder);
        git.run("init", "-q");
        git.run("add", "README.md");
        git.run("config", "core.fsmonitor", "touch " + run + "; false");

        Said said = validate();

        assertThat(said.code()).isZero();
        assertThat(run).doesNotExist();
    }

    @Test
    void a_wrong_value_is_named_by_file_line_and_column() {
        edit("targets/web-test.yaml", text -> text.replace("keepReleases: 5", "keepReleases: five"));

        refuses("targets/web-test.yaml:12:17: ", "wrong-type");
    }

    @Test
    void a_reference_to_nothing_is_named_where_it_stands() {
        edit("systems/storefront/storefront-test.yaml", text -> text.replace("[web-test]", "[web-tset]"));

        refuses("systems/storefront/storefront-test.yaml:16:13: ", "dangling-reference");
    }

    @Test
    void a_document_that_is_wrong_does_not_make_those_wrong_that_name_it() {
        edit("targets/web-test.yaml", text -> text.replace("keepReleases: 5", "keepReleases: five"));

        assertThat(validate().out()).doesNotContain("dangling-reference");
    }

    @Test
    void a_policy_that_does_not_compile_is_named_at_its_expression() {
        edit("policies/two-person.yaml", text -> text.replaceFirst("expression: >-\n +", "$0nonsense( "));

        refuses("policies/two-person.yaml:", "cel");
    }

    @Test
    void a_secret_is_found_and_not_shown() throws IOException {
        Files.writeString(folder.resolve("systems/storefront/files/app.properties"), "db.password=Tr0ub4dor-and-3\n");

        Said said = refuses("systems/storefront/files/app.properties:1:", "plain-secret");

        assertThat(said.out()).doesNotContain("Tr0ub4dor");
    }

    @Test
    void a_symbolic_link_and_names_that_collide_are_refused() throws IOException {
        Files.createSymbolicLink(folder.resolve("systems/storefront/files/link"), Path.of("/etc/passwd"));
        Files.writeString(folder.resolve("systems/storefront/files/Banner"), "a");
        Files.writeString(folder.resolve("systems/storefront/files/banner"), "b");

        refuses("systems/storefront/files/link: ", "forbidden-mode");
        refuses("systems/storefront/files: ", "path-collision");
    }

    @Test
    void two_people_cannot_own_one_key() throws IOException {
        String key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFmXFQkOiCWbBMrVQNhKQKrDPk7xZD/R9l2BPpOx3uiU";
        for (String person : new String[] {"ann", "bob"}) {
            edit(
                    "access/people/" + person + ".yaml",
                    text -> text.replace("keys: []", "keys:\n    - type: ssh\n      public: " + key));
        }

        assertThat(validate().out()).contains("access/people");
    }

    @Test
    void the_tests_of_the_samples_policies_pass_and_a_changed_policy_fails_them() {
        Said good = run(
                PolicyCommand.commandLine(clone -> {
                    throw new IllegalStateException();
                }),
                "test",
                folder.toString());
        edit(
                "policies/two-person.yaml",
                text -> text.replace("forTrust: {type: int, default: 2}", "forTrust: {type: int, default: 1}"));

        Said bad = run(
                PolicyCommand.commandLine(clone -> {
                    throw new IllegalStateException();
                }),
                "test",
                folder.toString());

        assertThat(good.out()).contains(" 0 failed, 100% of conditions seen both ways\n");
        assertThat(good.code()).isZero();
        assertThat(bad.out()).contains("FAILED two-person: ");
        assertThat(bad.code()).isEqualTo(1);
    }

    private Said refuses(String place, String rule) {
        Said said = validate();
        assertThat(said.out().lines())
                .anySatisfy(line -> assertThat(line).startsWith(place).contains("[" + rule));
        assertThat(said.code()).isEqualTo(1);
        return said;
    }

    private record Said(int code, String out) {}

    private Said validate() {
        return run(new CommandLine(new ValidateCommand()), folder.toString());
    }

    private static Said run(CommandLine line, String... arguments) {
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out));
        return new Said(line.execute(arguments), out.toString());
    }

    private void edit(String path, UnaryOperator<String> edit) {
        try {
            String text = Files.readString(folder.resolve(path));
            String now = edit.apply(text);
            assertThat(now).isNotEqualTo(text);
            Files.writeString(folder.resolve(path), now);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
