package countersign.cli;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a data folder. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Copy the data folder of a stopped server to an empty folder.",
            "",
            "The copy holds the server's keys: guard it as you guard the server."
        },
        footer = {"", "Example:", "  countersign backup --data /srv/countersign --to /backup/$(date +%%F)"})
final class BackupCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private final Output output = new Output();

    @Option(names = "--data", required = true, description = "The data folder.")
    private Path data;

    @Option(names = "--to", required = true, paramLabel = "FOLDER", description = "The copy; absent or empty.")
    private Path to;

    BackupCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        program.backup(data, to);
        output.print(Map.of("data", data.toString(), "to", to.toString()), List.of("copied " + data + " to " + to));
        return ExitCode.DONE;
    }
}
