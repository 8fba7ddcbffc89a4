package countersign.cli;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.cli.remote.Signing;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.gate.stop.StopOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stops all merges and applications, or lets them go on: one class for both verbs. */
@Command(mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
    private final StopOrder.Decision decision;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Mixin
    private final Signing signing;

    @Option(names = "--role", description = "The role in which you sign: one that countersign.yaml names for this.")
    private @Nullable String role;

    @Option(names = "--reason", defaultValue = "", description = "Your words; they are signed and kept for ever.")
    private String reason;

    private StopCommand(StopOrder.Decision decision, Shell shell) {
        this.decision = decision;
        connection = new Connection(shell);
        signing = new Signing(shell);
    }

    static CommandLine commandLine(StopOrder.Decision decision, Shell shell) {
        CommandLine line = new CommandLine(new StopCommand(decision, shell));
        CommandSpec spec = line.getCommandSpec();
        spec.name(decision.label());
        boolean stop = decision == StopOrder.Decision.STOP;
        spec.usageMessage()
                .description(
                        stop
                                ? "Stop all merges and applications at once, or show whether they are stopped."
                                : "Let merges and applications go on that were stopped.",
                        "",
                        "The order is signed and stands in the record log: a clone proves that nothing merged against it."
                                + (stop
                                        ? " Recoveries go on, what a target has begun is finished, and people may push and"
                                                + " sign. Without --role and --reason nothing is ordered, and what stands"
                                                + " is shown."
                                        : " What merged before and waits is applied then."))
                .footer(
                        "",
                        "Example:",
                        "  countersign " + decision.label() + " --role change-control --key ~/.ssh/id_ed25519 \\",
                        "    --reason '" + (stop ? "Attack on the payment gateway." : "The attack is repelled.") + "'");
        return line;
    }

    @Override
    public Integer call() {
        if (decision == StopOrder.Decision.STOP && role == null && reason.isBlank()) {
            RemoteServer.Answer answer = connection.open(output).get("/stop");
            output.print(answer.json(), List.of(line(answer.fields())));
            return ExitCode.DONE;
        }
        if (role == null) {
            throw missing("--role=<role>");
        }
        if (reason.isBlank()) {
            throw missing("--reason=<reason>");
        }
        return order(connection.open(output), role);
    }

    private ParameterException missing(String option) {
        return new ParameterException(spec.commandLine(), "Missing required option: '" + option + "'");
    }

    private int order(RemoteServer server, String claimed) {
        Map<String, Object> wish =
                Map.of("decision", decision.label(), "role", claimed, "reason", reason, "client", "cli");
        byte[] text = server.post("/stop/statements", wish, Map.of()).bytes();
        StopOrder offered = StopOrder.parse(text);
        boolean asked = offered.decision() == decision
                && offered.role().equals(claimed)
                && offered.reason().equals(reason);
        if (!asked) {
            throw new Refusal(
                    "statement-not-asked-for",
                    "the server offers to " + offered.decision().label() + " as " + offered.role() + ": "
                            + offered.reason(),
                    "don't sign, and ask who runs the server");
        }
        output.say(List.of(decision.label() + " everything as " + offered.person() + ", " + claimed + ": " + reason));
        if (signing.isDryRun()) {
            output.print(Map.of("decision", decision.label()), List.of("nothing was signed"));
            return ExitCode.DONE;
        }
        RemoteServer.Answer answer = signing.sign(text).handIn(server, "/stop");
        output.print(
                answer.json(),
                List.of((decision == StopOrder.Decision.STOP ? "stopped" : "resumed") + ", log entry "
                        + answer.fields().integer("index")));
        return ExitCode.DONE;
    }

    private static String line(Fields stop) {
        Fields order = stop.objectOrNull("order");
        return order == null
                ? "nothing is stopped"
                : "stopped since " + order.text("since") + " by " + order.text("person") + " (" + order.text("role")
                        + ", log entry " + order.integer("index") + "): " + order.text("reason");
    }
}
