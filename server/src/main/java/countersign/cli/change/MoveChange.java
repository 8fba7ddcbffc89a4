package countersign.cli.change;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.change.subject.RemoteChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Asks the server to move a change on: one class for the verbs that sign nothing. */
@Command(mixinStandardHelpOptions = true)
final class MoveChange implements Callable<Integer> {
    private final Move move;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    @Option(
            names = "--manifest",
            paramLabel = "SHA256",
            description = "Merge only if this is still the manifest, as change plan prints it.")
    private @Nullable String manifest;

    private MoveChange(Move move, Shell shell) {
        this.move = move;
        change = new NamedChange(shell);
    }

    /** What can be asked. */
    enum Move {
        MERGE("merge", "Merge a change into main, if its gate is open. What has a target is applied at once."),
        ROLLBACK("rollback", "Open the change that takes a merged one back exactly. It is signed and merged as any."),
        ABANDON(
                "withdraw",
                "Take an open change back for good: its branch is deleted, its name stays taken. For who asks for it, who"
                        + " opened it, and whoever may stop everything.");

        private final String route;
        private final String does;

        Move(String route, String does) {
            this.route = route;
            this.does = does;
        }

        String verb() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static CommandLine commandLine(Move move, Shell shell) {
        CommandLine line = new CommandLine(new MoveChange(move, shell));
        CommandSpec spec = line.getCommandSpec();
        spec.name(move.verb());
        spec.usageMessage()
                .description(move.does)
                .footer("", "Example:", "  countersign change " + move.verb() + " raise-cache");
        if (move != Move.MERGE) {
            spec.remove(spec.findOption("--manifest"));
        }
        return line;
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        Map<String, String> headers = manifest == null ? Map.of() : Map.of("If-Match", "\"" + manifest + "\"");
        RemoteChange moved = RemoteChange.read(
                server.post(change.path("/" + move.route), null, headers).json());
        output.print(moved.view(), lines(moved));
        return ExitCode.DONE;
    }

    private List<String> lines(RemoteChange moved) {
        return switch (move) {
            case MERGE ->
                List.of(
                        "merged " + moved.id() + " as "
                                + (moved.merged() == null ? "?" : moved.merged().commit()),
                        "  state  " + moved.state(),
                        "Next: countersign change show " + moved.id().name());
            case ROLLBACK ->
                List.of(
                        "opened " + moved.id() + " \"" + moved.title() + "\"",
                        "  state  " + moved.state(),
                        "Next: countersign change plan " + moved.id().name()
                                + "   (in a clone: git fetch origin first)",
                        "If " + change.name() + " granted it: countersign change trigger "
                                + moved.id().name() + " --role <role>");
            case ABANDON -> List.of("withdrew " + moved.id());
        };
    }
}
