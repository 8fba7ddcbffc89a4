package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Passwords, set at a running server, or in the data folder of one that is stopped: the way back in when no administrator
 * can sign in.
 */
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = {
            "Set a person's password, with which they sign in: countersign login.",
            "",
            "With --data in the folder of a server that is stopped; otherwise on a running server: your own by the present"
                    + " one, anybody's with a token that has the scope admin."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  countersign password set --data /srv/countersign --person ann --from -",
            "  countersign password set --person ann --current old.password --from new.password"
        })
final class PasswordCommand {
    private PasswordCommand() {}

    static CommandLine commandLine(Program program, Shell shell) {
        CommandLine line = new CommandLine(new PasswordCommand());
        line.addSubcommand("set", new SetPassword(program, shell));
        return line;
    }

    /** Sets one. A password is never an argument: those can be seen. */
    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Set a person's password: 12 characters at least. Their sessions end.",
            footer = {
                "",
                "Example:",
                "  head -c 18 /dev/urandom | base64 > ann.password",
                "  countersign password set --data /srv/countersign --person ann --from ann.password",
                "  countersign password set --person ann --current old.password --from ann.password"
            })
    static final class SetPassword implements Callable<Integer> {
        private static final int MAX_BYTES = 1 << 10;

        private final Program program;
        private final Shell shell;

        @Mixin
        private final Output output = new Output();

        @Option(
                names = "--data",
                description = "The data folder of a server that is stopped. Default: a running server is asked.")
        private @Nullable Path data;

        @Mixin
        private final Connection connection;

        @Option(
                names = "--current",
                paramLabel = "FILE",
                description =
                        "At a running server, file whose first line is your present password; - for standard input."
                                + " Without it a token with the scope admin is needed.")
        private @Nullable Path current;

        @Option(names = "--person", required = true, description = "Whose: a name in access/people.")
        private String person;

        @Option(
                names = "--from",
                required = true,
                paramLabel = "FILE",
                description = "File whose first line is the password; - for standard input.")
        private Path from;

        SetPassword(Program program, Shell shell) {
            this.program = program;
            this.shell = shell;
            this.connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            if (data != null) {
                program.setPassword(data, person, read(from));
            } else {
                setAtServer();
            }
            output.print(Map.of("person", person), List.of(person + " has a new password; their sessions are over"));
            return ExitCode.DONE;
        }

        private void setAtServer() {
            Map<String, Object> body = new LinkedHashMap<>();
            if (current != null) {
                if (current.equals(from)) {
                    throw new Refusal(
                            "same-password-file",
                            "both passwords would come from " + from,
                            "name a file for one of them");
                }
                body.put("current", read(current));
            }
            body.put("password", read(from));
            connection.open(output).put(Question.below("/people", person) + "/password", body);
        }

        private String read(Path from) {
            if (from.toString().equals("-")) {
                return shell.keyboard().firstLine();
            }
            try (InputStream in = Files.newInputStream(from)) {
                String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                return text.lines().findFirst().orElse("");
            } catch (NoSuchFileException absent) {
                throw new Refusal("no-such-file", "there is no file " + from);
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot read " + from, failed);
            }
        }
    }
}
