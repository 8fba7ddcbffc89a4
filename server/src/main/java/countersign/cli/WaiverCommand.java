package countersign.cli;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The verbs about waivers. */
@Command(
        name = "waiver",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "See which policies have exceptions, and until when. A waiver is given by a change to policies/.",
        footer = {"", "Example:", "  countersign waiver list"})
final class WaiverCommand {
    private WaiverCommand() {}

    static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new WaiverCommand());
        line.addSubcommand(new Standing(shell));
        return line;
    }

    /** Prints them. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = {
                "List the waivers of main, the first to end first: which of them end within two weeks, and which are unused.",
                "",
                "A waiver is unused if its policy finds nothing in the documents as they are that it would excuse."
            },
            footer = {"", "Example:", "  countersign waiver list"})
    static final class Standing implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        Standing(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            return connection.show(output, new Question("/waivers"), Standing::lines);
        }

        private static List<String> lines(Fields fields) {
            List<String> lines =
                    fields.objectList("items").stream().map(Standing::line).toList();
            return lines.isEmpty() ? List.of("no waivers") : lines;
        }

        private static String line(Fields item) {
            return String.format("%-8s", item.text("standing")) + "  until " + item.text("expires") + "  "
                    + item.text("name") + " from " + item.text("policy")
                    + (item.flag("unused")
                            ? ", UNUSED"
                            : item.has("excuses")
                                    ? ", excuses " + item.integer("excuses") + " document(s)"
                                    : counts(item) ? ", whose policy judges changes" : "");
        }

        private static boolean counts(Fields item) {
            return List.of("active", "expiring").contains(item.text("standing"));
        }
    }
}
