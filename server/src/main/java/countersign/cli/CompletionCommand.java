package countersign.cli;

import countersign.cli.console.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script by which a shell completes this command.",
        footer = {
            "",
            "Examples:",
            "  source <(countersign completion bash)",
            "  autoload -U +X compinit bashcompinit && compinit && bashcompinit && \\",
            "    source <(countersign completion zsh)",
            "  countersign completion fish | source"
        })
final class CompletionCommand implements Callable<Integer> {
    /** Shells that a script can be made for; bash and zsh take the same one. */
    private enum Shells {
        bash,
        zsh,
        fish
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            description = "One of ${COMPLETION-CANDIDATES}; bash if not said.")
    private Shells shell = Shells.bash;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(shell == Shells.fish ? FishCompletion.write(root) : AutoComplete.bash(root.getCommandName(), root));
        out.flush();
        return ExitCode.DONE;
    }
}
