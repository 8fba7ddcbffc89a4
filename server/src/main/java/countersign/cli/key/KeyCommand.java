package countersign.cli.key;

import countersign.cli.remote.Shell;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The verbs about people's keys. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Revoke a key of your own, and see which keys are revoked.",
            "",
            "A new key is enrolled, and another person's key removed, by a change to access/people."
        },
        footer = {"", "Example:", "  countersign key revoke lost.pub --key ~/.ssh/id_ed25519"})
public final class KeyCommand {
    private KeyCommand() {}

    public static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new KeyCommand());
        line.addSubcommand(new RevokeKey(shell));
        line.addSubcommand(new ListRevokedKeys(shell));
        return line;
    }
}
