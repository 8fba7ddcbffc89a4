package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Shell;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Passwords, managed in the data folder of a server that is stopped: the way back in when no administrator can sign in. */
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = {
            "Set a person's password while the server is stopped.",
            "",
            "A running server does the same at /api/v1/people/<person>/password, and opens sessions at /api/v1/sessions."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  countersign password set --data /srv/countersign --person ann --from -"})
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
                "  countersign password set --data /srv/countersign --person ann --from ann.password"
            })
    static final class SetPassword implements Callable<Integer> {
        private static final int MAX_BYTES = 1 << 10;

        private final Program program;
        private final Shell shell;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

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
        }

        @Override
        public Integer call() {
            program.setPassword(data, person, read());
            output.print(Map.of("person", person), List.of(person + " has a new password; their sessions are over"));
            return ExitCode.DONE;
        }

        private String read() {
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
