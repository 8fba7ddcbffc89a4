package countersign.cli.folder;

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

    public static CommandLine commandLine() {
        return new CommandLine(new PolicyCommand()).addSubcommand(new TestPolicies());
    }
}
