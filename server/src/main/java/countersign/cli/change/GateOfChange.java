package countersign.cli.change;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what must hold before a change merges. */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description = {
            "Show what must hold before a change merges, and how it stands.",
            "",
            "Exits with 0 if the gate is open and with 1 if it is shut."
        },
        footer = {"", "Example:", "  countersign change gate raise-cache && countersign change merge raise-cache"})
final class GateOfChange implements Callable<Integer> {
    /** Reasons that are neither requirements nor policies. */
    private static final Set<String> OVER_ALL = Set.of("stopped", "review-overdue");

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    GateOfChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        RemoteServer.Answer answer = server.get(change.path("/gate"));
        Fields gate = answer.fields();
        boolean open = gate.flag("open");
        List<String> lines = new ArrayList<>();
        lines.add("the gate of " + gate.text("change") + " is " + (open ? "open" : "shut"));
        gate.objectList("reasons").stream()
                .filter(reason -> OVER_ALL.contains(reason.text("rule")))
                .forEach(reason -> lines.add("  " + reason.text("rule") + ": " + reason.text("message")));
        gate.objectList("requirements").forEach(requirement -> lines.add(requirement(requirement)));
        gate.objectList("policies").forEach(policy -> lines.add(policy(policy)));
        output.print(answer.json(), lines);
        return open ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static String requirement(Fields requirement) {
        String signers = requirement.objectList("evidence").stream()
                .map(vote ->
                        vote.text("person") + " (" + vote.text("role") + ", log entry " + vote.integer("vote") + ")")
                .collect(Collectors.joining(", "));
        String message = requirement.text("message");
        return String.format("  %-14s  %s", requirement.text("state"), requirement.text("rule"))
                + (requirement.has("role") ? ", " + requirement.integer("needed") + " " + requirement.text("role") : "")
                + (signers.isEmpty() ? "" : ": " + signers)
                + (message.isEmpty() ? "" : ": " + message);
    }

    private static String policy(Fields policy) {
        List<Fields> findings = policy.objectList("findings");
        return String.format("  %-14s  policy %s", policy.text("result"), policy.text("policy"))
                + (findings.isEmpty() ? "" : ": " + findings.get(0).text("message"));
    }
}
