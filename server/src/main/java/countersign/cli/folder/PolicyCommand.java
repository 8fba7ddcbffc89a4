package countersign.cli.folder;

import countersign.repository.Repository;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The verbs about policies. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Try policies.",
        footer = {"", "Example:", "  countersign policy test policies"})
public final class PolicyCommand {
    private PolicyCommand() {}

    /** The verbs; some open a clone. */
    public static CommandLine commandLine(Function<Path, Repository> clones) {
        return new CommandLine(new PolicyCommand())
                .addSubcommand(new TestPolicies())
                .addSubcommand(new ReplayPolicies(clones));
    }
}
