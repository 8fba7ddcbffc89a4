package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The verbs that replace the key of the record log, in the data folder of a server that is stopped. */
@Command(
        name = "log-key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Replace the key that signs the log's checkpoints, while the server is stopped.",
            "",
            "new makes the next key. Add it to log.keys of countersign.yaml by a change, and serve until something else was"
                    + " merged: checkpoints are signed by both keys meanwhile. Then use lets the next key sign alone, and a"
                    + " second change takes the old one out of countersign.yaml."
        },
        footer = {"", "Example:", "  countersign log-key new --data /srv/countersign"})
final class LogKeyCommand {
    private LogKeyCommand() {}

    static CommandLine commandLine(Program program) {
        CommandLine line = new CommandLine(new LogKeyCommand());
        line.addSubcommand(
                "new",
                verb(
                        program,
                        Program::beginLogKey,
                        "new",
                        "Make the log's next key; both sign from the next start on."));
        line.addSubcommand(
                "use",
                verb(
                        program,
                        Program::finishLogKey,
                        "use",
                        "Let the log's next key sign alone; the old one is destroyed."));
        return line;
    }

    private static CommandLine verb(
            Program program, BiFunction<Program, Path, String> does, String name, String description) {
        CommandLine line = new CommandLine(new Step(program, does));
        line.getCommandSpec().name(name);
        line.getCommandSpec()
                .usageMessage()
                .description(description)
                .footer("", "Example:", "  countersign log-key " + name + " --data /srv/countersign");
        return line;
    }

    /** One step; prints the key as {@code countersign.yaml} names it. */
    @Command(mixinStandardHelpOptions = true)
    static final class Step implements Callable<Integer> {
        private final Program program;
        private final BiFunction<Program, Path, String> does;

        @Mixin
        private final Output output = new Output();

        @Option(names = "--data", required = true, description = "The data folder.")
        private Path data;

        Step(Program program, BiFunction<Program, Path, String> does) {
            this.program = program;
            this.does = does;
        }

        @Override
        public Integer call() {
            String key = does.apply(program, data);
            output.print(Map.of("key", key), List.of(key));
            return ExitCode.DONE;
        }
    }
}
