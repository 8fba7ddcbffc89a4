package countersign.cli.data;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.codec.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
                    + " refused [restore-would-fork], because a server that ran on it would sign a second history.",
            "",
            "With --as-copy, found another repository instead: the documents are those of the original at its last merge, or"
                    + " at --commit; id, record log and server keys are new, and no vote of one counts in the other. What is"
                    + " under changes/ stays with the original, and so do tokens, passwords, webhooks and comments. Nothing is"
                    + " applied to any target until it is released, here by --release-target or later by a change of"
                    + " countersign.yaml (spec.heldTargets). Nothing of the original is verified but its record log: run"
                    + " countersign verify on it first."
        },
        footer = {
            "",
            "Examples:",
            "  git clone --mirror https://… shop.git",
            "  countersign restore --from /backup/2026-11-21 --data /srv/countersign --newest shop.git",
            "  countersign restore --as-copy --from shop.git --data /srv/rehearsal --name rehearsal \\",
            "    --keep-people --recovery-key recovery.pub"
        })
final class RestoreCommand implements Callable<Integer> {
    private final Program program;

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "FOLDER",
            description = "The backup. For a copy also a stopped server's data folder, or a clone.")
    private Path from;

    @Option(names = "--data", required = true, description = "The data folder; absent or empty.")
    private Path data;

    @Option(names = "--newest", paramLabel = "CLONE", description = "The newest clone there is, with countersign/log.")
    private @Nullable Path newest;

    @ArgGroup(exclusive = false, heading = "%nA copy:%n")
    private @Nullable CopyOptions copy;

    RestoreCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        if (copy != null && copy.isWanted()) {
            return restoreAsCopy(copy);
        }
        if (!Files.isDirectory(from)) {
            throw new Refusal("no-such-folder", from + " is not a folder", "name the folder of a backup");
        }
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

    private int restoreAsCopy(CopyOptions options) {
        if (newest != null) {
            throw new Refusal(
                    "malformed-option",
                    "--newest is about a server that goes on; a copy begins a history of its own",
                    "leave it out");
        }
        Program.Copied copied = program.restoreAsCopy(options.copy(from, data));
        output.print(copied, CopyReport.lines(copied, from, data));
        if (!copied.compromised().isEmpty()) {
            output.warn(
                    "warning: the original says that keys were compromised (" + String.join(", ", copied.compromised())
                            + "); what their merges left there is taken on trust here: look for tainted-state in what"
                            + " countersign verify says of it, and begin with an earlier --commit if need be");
        }
        if (!copied.released().isEmpty()) {
            output.warn("warning: the original and the copy both apply to " + String.join(", ", copied.released())
                    + " now; stop one of them");
        }
        return ExitCode.DONE;
    }
}
