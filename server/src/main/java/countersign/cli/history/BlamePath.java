package countersign.cli.history;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says which change last touched a path, and who signed it. */
@Command(
        name = "blame",
        mixinStandardHelpOptions = true,
        description = "Show the change that last touched a path, with the signatures that the gate counted for it.",
        footer = {"", "Example:", "  countersign history blame systems/checkout/checkout-production.yaml"})
final class BlamePath implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Parameters(paramLabel = "PATH", description = "Path in the repository; it may be one that no longer stands.")
    private String path = "";

    BlamePath(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        return connection.show(output, Question.below("/blame", path), BlamePath::lines);
    }

    private static List<String> lines(Fields blame) {
        Fields merge = blame.object("merge");
        List<String> lines = new ArrayList<>();
        lines.add(HistoryCommand.line(merge));
        lines.add("commit " + merge.text("after") + ", log entry " + merge.integer("index")
                + (blame.has("after") ? "" : "; it deleted " + blame.text("path")));
        for (Fields signature : blame.objectList("signatures")) {
            String reason = signature.text("reason");
            lines.add("  " + signature.text("decision") + " by " + signature.text("person") + " as "
                    + signature.text("role") + " at " + signature.text("time")
                    + (reason.isEmpty() ? "" : ": " + reason));
            lines.add("    key " + signature.text("key") + ", grant " + signature.textOr("grant", "none")
                    + ", log entry " + signature.integer("index") + ", for "
                    + String.join(", ", signature.textList("rules")));
        }
        return lines;
    }
}
