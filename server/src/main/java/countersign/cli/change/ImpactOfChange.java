package countersign.cli.change;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a change reaches. */
@Command(
        name = "impact",
        mixinStandardHelpOptions = true,
        description = {
            "Show what a change reaches, and what its author says that it reaches.",
            "",
            "Computed from who names whom: systems that have a changed package, key or target, whatever needs a reached"
                    + " system, and the agreements that cover one. Neither list is taken for the other."
        },
        footer = {"", "Example:", "  countersign change impact raise-cache"})
final class ImpactOfChange implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    ImpactOfChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        RemoteServer.Answer answer = server.get(change.path("/impact"));
        Fields impact = answer.fields();
        List<String> lines = new ArrayList<>();
        lines.add("computed:");
        impact.objectList("computed").forEach(reached -> lines.add(reached(reached)));
        Fields declared = impact.object("declared");
        boolean nothing = declared.textList("systems").isEmpty()
                && declared.objectList("impact").isEmpty();
        lines.add(nothing ? "declared: nothing" : "declared:");
        declared.textList("systems").forEach(system -> lines.add("  SystemConfig " + system));
        for (Fields one : declared.objectList("impact")) {
            lines.add("  " + one.text("what") + ": " + one.text("effect"));
        }
        impact.textList("undeclared").forEach(system -> lines.add("not declared, but reached: " + system));
        impact.textList("unfounded").forEach(system -> lines.add("declared, but not reached: " + system));
        output.print(answer.json(), lines);
        return ExitCode.DONE;
    }

    private static String reached(Fields reached) {
        String name = "  " + "  ".repeat((int) Math.min(reached.integer("distance"), 20)) + reached.text("kind") + " "
                + reached.text("name");
        Fields because = reached.objectOrNull("because");
        return because == null
                ? name + ", changed"
                : name + ", by " + because.text("names") + " in " + because.text("path") + ":"
                        + because.integer("line");
    }
}
