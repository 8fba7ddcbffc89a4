package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsServer;
import countersign.Terminal.Said;
import countersign.cli.CountersignCommand;
import countersign.cli.console.Keyboard;
import countersign.codec.Json;
import countersign.log.Faults;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What holds for every verb: help that teaches, exit codes, and what is never printed. */
final class CommandLineTest {
    private static final Pattern EXAMPLES = Pattern.compile("\nExamples?(?:,[^\n]*)?:\n(.*)", Pattern.DOTALL);

    private final Installation program =
            new Installation(new Countersign.Outside(Faults.NONE, Clock.systemUTC(), new SecureRandom()));

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> every_verb_has_help_with_an_example() {
        return verbs(commandLine(), List.of())
                .map(verb -> DynamicTest.dynamicTest(String.join(" ", verb), () -> {
                    List<String> arguments = new ArrayList<>(verb);
                    arguments.add("--help");

                    Said help = terminal().run(arguments.toArray(String[]::new)).expect(0);

                    assertThat(help.out())
                            .contains("Usage: countersign " + String.join(" ", verb))
                            .containsPattern("(?s)Example.*countersign " + String.join(" ", verb));
                }));
    }

    @TestFactory
    Stream<DynamicTest> every_verb_that_does_something_can_answer_in_json() {
        return verbs(commandLine(), List.of())
                .map(verb -> DynamicTest.dynamicTest(String.join(" ", verb), () -> {
                    CommandLine line = commandLine();
                    for (String word : verb) {
                        line = line.getSubcommands().get(word);
                    }
                    boolean group = !(line.getCommand() instanceof Callable<?>);
                    boolean script = verb.equals(List.of("completion"));

                    assertThat(line.getCommandSpec().findOption("--json") != null)
                            .isEqualTo(!group && !script);
                }));
    }

    @Test
    void a_wrong_command_line_is_2_a_refusal_1_and_a_broken_environment_3() {
        Terminal terminal = terminal();
        Terminal offline =
                terminal.with("COUNTERSIGN_URL", "http://127.0.0.1:1").with("COUNTERSIGN_TOKEN", "t");

        terminal.run("--version").expect(0);
        terminal.run("no-such-verb").expect(2);
        terminal.run("change").expect(2);
        terminal.run("serve").expect(2);
        offline.run("change", "reject", "x", "--role", "approver").expect(2);
        offline.run("change", "override", "x", "--role", "approver", "--reason", "r")
                .expect(2);
        terminal.run("validate", folder.resolve("absent").toString()).refused("no-such-folder");
        terminal.run("serve", "--port", "0", "--data", folder.resolve("absent").toString())
                .refused("no-data-folder");
        assertThat(offline.run("change", "list").expect(3).err()).contains("failed: cannot talk to http://127.0.0.1:1");
    }

    @Test
    void a_server_whose_certificate_nobody_trusts_is_told_with_the_way_to_trust_it(@TempDir Path keys)
            throws Exception {
        HttpsServer server = SelfSignedServer.start(keys);
        Terminal terminal = terminal()
                .with(
                        "COUNTERSIGN_URL",
                        "https://127.0.0.1:" + server.getAddress().getPort())
                .with("COUNTERSIGN_TOKEN", "t");

        Said failed = terminal.run("change", "list").expect(3);
        server.stop(0);

        assertThat(failed.err()).contains("Java does not trust its certificate", "-Djavax.net.ssl.trustStore=<file>");
    }

    @Test
    void a_verb_that_was_asked_for_json_is_refused_in_json() {
        Terminal offline =
                terminal().with("COUNTERSIGN_URL", "http://127.0.0.1:1").with("COUNTERSIGN_TOKEN", "t");

        Said refused = terminal().run("change", "list", "--json").expect(1);
        Said failed = offline.run("change", "list", "--json").expect(3);

        assertThat(refused.out()).isEmpty();
        assertThat(Json.readObject("refusal", refused.err().getBytes(StandardCharsets.UTF_8)))
                .extractingByKey("refused", InstanceOfAssertFactories.list(Object.class))
                .first(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("rule", "no-server-url")
                .containsKeys("message", "wayOut");
        assertThat(Json.readObject("failure", failed.err().getBytes(StandardCharsets.UTF_8)))
                .containsKey("failed");
    }

    @Test
    void a_verb_that_asks_the_server_says_what_it_lacks() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "cst_secret\n");
        Terminal terminal = terminal();

        terminal.run("change", "list").refused("no-server-url");
        terminal.run("change", "list", "--server", "http://127.0.0.1:1").refused("no-token");
        terminal.run("change", "list", "--server", "file:///etc").refused("malformed-url");
        Said unreachable = terminal.run(
                "change", "list", "--server", "http://ann:cst_other@127.0.0.1:1", "--token-file", token.toString());

        assertThat(unreachable.expect(3).err())
                .doesNotContain("cst_", "Exception")
                .contains("cannot talk to http://127.0.0.1:1: nothing answers there; is the server running");
        assertThat(terminal.run(
                                "change",
                                "list",
                                "--server",
                                "http://no.host.invalid",
                                "--token-file",
                                token.toString())
                        .expect(3)
                        .err())
                .contains("no host has that name");
    }

    @Test
    void a_backup_that_is_not_there_is_called_so() {
        String nowhere = folder.resolve("nowhere").toString();

        Said said = terminal()
                .run(
                        "restore",
                        "--from",
                        nowhere,
                        "--data",
                        folder.resolve("new").toString());

        said.refused("no-such-folder");
        assertThat(said.err()).contains(nowhere, "name the folder of a backup");
    }

    @Test
    void a_duration_that_is_none_is_named_with_one_that_is() {
        Said said = terminal().run("token", "create", "--person", "ann", "--lifetime", "30");

        assertThat(said.expect(2).err())
                .contains("'30' is no ISO 8601 duration such as P30D or PT12H")
                .doesNotContain("java.");
    }

    @Test
    void the_reference_of_the_commands_is_what_they_say_themselves() throws IOException {
        ReferencePage.holds("commands.md", CommandReference.write(commandLine()));
    }

    @Test
    void every_example_can_be_copied_as_help_prints_it() throws Exception {
        CommandLine line = commandLine();
        List<String> broken = new ArrayList<>();
        for (List<String> verb : verbs(line, List.of()).toList()) {
            CommandLine named = line;
            for (String name : verb) {
                named = named.getSubcommands().get(name);
            }
            Matcher examples = EXAMPLES.matcher(named.getUsageMessage(CommandLine.Help.Ansi.OFF));
            if (examples.find()) {
                examples.group(1).lines().filter(each -> !each.startsWith("  ")).forEach(broken::add);
                broken.addAll(wrong(line, examples.group(1)));
            }
        }

        assertThat(broken).isEmpty();
    }

    /** What of some lines Bash would not take, or this program. */
    private List<String> wrong(CommandLine line, String lines) throws Exception {
        Path words = folder.resolve("words");
        Path script = Files.writeString(
                folder.resolve("example.sh"),
                "countersign() { printf '%s\\0' \"$@\" >> " + words + "; printf '\\n' >> " + words + "; }\n"
                        + "git() { :; }; ssh-keygen() { :; }; source() { cat \"${1:-/dev/stdin}\"; }; autoload() { :; }; compinit() { :; };"
                        + " bashcompinit() { :; }; fish() { :; }; cd " + folder + "\ntouch carol.json\n" + lines);
        Files.deleteIfExists(words);
        Process bash = new ProcessBuilder("bash", "-eu", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> wrong = new ArrayList<>();
        if (bash.waitFor() != 0) {
            wrong.add(lines + said);
        }
        for (String call : Files.exists(words) ? Files.readAllLines(words) : List.<String>of()) {
            try {
                line.parseArgs(call.split("\0"));
            } catch (CommandLine.ParameterException unknown) {
                wrong.add(call.replace('\0', ' ') + ": " + unknown.getMessage());
            }
        }
        return wrong;
    }

    @Test
    void a_completion_script_names_the_verbs() {
        String bash = terminal().run("completion").expect(0).out();
        String fish = terminal().run("completion", "fish").expect(0).out();

        assertThat(bash).contains("allowed-signers", "rollback");
        assertThat(terminal().run("completion", "zsh").expect(0).out()).isEqualTo(bash);
        assertThat(fish)
                .contains(
                        "-n \"__countersign_at change\" -a rollback",
                        "-n \"__countersign_in change approve\" -l role -r");
        terminal().run("completion", "cmd").expect(2);
    }

    private static Stream<List<String>> verbs(CommandLine line, List<String> above) {
        return line.getSubcommands().entrySet().stream().flatMap(verb -> {
            List<String> path =
                    Stream.concat(above.stream(), Stream.of(verb.getKey())).toList();
            return Stream.concat(Stream.of(path), verbs(verb.getValue(), path));
        });
    }

    private CommandLine commandLine() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return CountersignCommand.commandLine(
                program,
                Clock.systemUTC(),
                new CountersignCommand.Environment(nowhere, nowhere, Map.of(), folder, Keyboard.ofProcess()));
    }

    private Terminal terminal() {
        return new Terminal(program, folder, Map.of());
    }
}
