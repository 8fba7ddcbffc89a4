package countersign.cli;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The verbs about calendars. */
@Command(
        name = "calendar",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "See when changes may merge and when not.",
        footer = {"", "Example:", "  countersign calendar list"})
final class CalendarCommand {
    private CalendarCommand() {}

    static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new CalendarCommand());
        line.addSubcommand(new Coming(shell));
        return line;
    }

    /** Prints what is coming. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the maintenance windows and freezes that are coming, in the order of their beginnings.",
            footer = {"", "Example:", "  countersign calendar list --to 2027-01-31T00:00:00Z"})
    static final class Coming implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Option(names = "--from", paramLabel = "TIME", description = "A UTC time; the present if absent.")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "TIME", description = "A UTC time; 90 days later if absent.")
        private @Nullable String to;

        Coming(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            Question question = new Question("/calendars").with("from", from).with("to", to);
            return connection.show(output, question, Coming::lines);
        }

        private static List<String> lines(Fields fields) {
            List<String> lines = new ArrayList<>();
            fields.objectList("items").forEach(item -> lines.add(line(item)));
            if (fields.flag("truncated")) {
                lines.add("and more: ask for a shorter time with --to");
            }
            return lines;
        }

        private static String line(Fields item) {
            return item.text("start") + "  " + item.text("end") + "  " + String.format("%-6s", item.text("type")) + "  "
                    + item.text("calendar") + "/" + item.text("name") + "  " + item.text("title");
        }
    }
}
