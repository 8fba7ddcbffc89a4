package countersign.cli.change;

import countersign.cli.change.discussion.CommentOnChange;
import countersign.cli.change.discussion.CommentsOfChange;
import countersign.cli.remote.Shell;
import countersign.gate.vote.Decision;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The verbs about changes. */
@Command(
        name = "change",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Write, check, review, sign, merge and roll back changes.",
            "",
            "new and check work offline in your clone. The others ask the server named by --server, by COUNTERSIGN_URL or"
                    + " by the clone you stand in, with the token in COUNTERSIGN_TOKEN."
        },
        footer = {
            "",
            "Example, from the first file to the merge:",
            "  countersign change new raise-cache --title 'Raise the cache'",
            "  git checkout -b change/raise-cache && git add -A && git commit -m 'Raise the cache'",
            "  countersign change check",
            "  git push origin HEAD:change/raise-cache",
            "  countersign change approve raise-cache --role approver --key ~/.ssh/id_ed25519",
            "  countersign change merge raise-cache"
        })
public final class ChangeCommand {
    private static final List<Decision> SIGNED = List.of(
            Decision.SUBMIT,
            Decision.APPROVE,
            Decision.REJECT,
            Decision.WITHDRAW,
            Decision.OVERRIDE,
            Decision.CONFIRM,
            Decision.ROLLBACK);

    private ChangeCommand() {}

    public static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new ChangeCommand());
        line.addSubcommand(new NewChange(shell));
        line.addSubcommand(new CheckChange(shell));
        line.addSubcommand(new ListChanges(shell));
        line.addSubcommand(new ShowChange(shell));
        line.addSubcommand(new PlanChange(shell));
        line.addSubcommand(new DiffChange(shell));
        line.addSubcommand(new ImpactOfChange(shell));
        line.addSubcommand(new GateOfChange(shell));
        line.addSubcommand(new CommentsOfChange(shell));
        line.addSubcommand(new CommentOnChange(shell));
        SIGNED.forEach(decision ->
                line.addSubcommand(SignedVerb.of(decision).verb(), SignChange.commandLine(decision, shell)));
        line.addSubcommand(new RecoverySignature(shell));
        for (MoveChange.Move move : MoveChange.Move.values()) {
            line.addSubcommand(move.verb(), MoveChange.commandLine(move, shell));
        }
        return line;
    }
}
