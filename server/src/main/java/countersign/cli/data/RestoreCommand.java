package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a backup back. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Put a backup into an empty data folder.",
            "",
            "Name the newest clone that anybody has: a backup whose log is older than that clone, or differs from it, is"
                    + " refused [restore-would-fork], because a server that ran on it would sign a second history."
        },
        footer = {
            "",
            "Example:",
            "  git clone --mirror https://… shop.git",
            "  countersign restore --from /backup/2026-11-21 --data /srv/countersign --newest shop.git"
        })
final class RestoreCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private final Output output = new Output();

    @Option(names = "--from", required = true, paramLabel = "FOLDER", description = "The backup.")
    private Path from;

    @Option(names = "--data", required = true, description = "The data folder; absent or empty.")
    private Path data;

    @Option(names = "--newest", paramLabel = "CLONE", description = "The newest clone there is, with countersign/log.")
    private @Nullable Path newest;

    RestoreCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        program.restore(from, data, newest);
        if (newest == null) {
            output.warn(
                    "warning: without --newest nobody checked that this backup is the newest state that was signed");
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("from", from.toString());
        view.put("data", data.toString());
        view.put("checkedAgainstClone", newest != null);
        output.print(view, List.of("restored " + from + " to " + data, "Next: countersign serve --data " + data));
        return ExitCode.DONE;
    }
}
