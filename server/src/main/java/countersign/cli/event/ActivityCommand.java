package countersign.cli.event;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Questions to the activity log; only for auditors. */
@Command(
        name = "activity",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "See who signed in, used tokens, was refused and administered the server. Needs a token with the scope audit.",
            "",
            "What was merged and signed is not here: ask countersign history and countersign log."
        },
        footer = {"", "Example:", "  countersign activity list --kind refused --since 2026-11-01T00:00:00Z"})
public final class ActivityCommand {
    private ActivityCommand() {}

    public static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new ActivityCommand());
        line.addSubcommand(new ListActivity(shell));
        line.addSubcommand(new VerifyActivity(shell));
        return line;
    }

    /** Lists activities. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List activities, newest first; all conditions must hold.",
            footer = {
                "",
                "Example, everything of a quarter for a spreadsheet:",
                "  countersign activity list --since 2026-07-01T00:00:00Z --until 2026-09-30T23:59:59Z --csv"
            })
    static final class ListActivity implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Option(names = "--person", description = "Only what this person did.")
        private @Nullable String person;

        @Option(names = "--kind", description = "Only these, for example signed-in, refused or token-issued.")
        private @Nullable String kind;

        @Option(names = "--since", paramLabel = "TIME", description = "Not before; RFC 3339.")
        private @Nullable String since;

        @Option(names = "--until", paramLabel = "TIME", description = "Not after; RFC 3339.")
        private @Nullable String until;

        @Option(names = "--cursor", description = "Go on where the page before ended.")
        private @Nullable String cursor;

        @Option(
                names = "--limit",
                defaultValue = "100",
                description = "At most so many, up to 500. Default: ${DEFAULT-VALUE}.")
        private int limit;

        @Option(names = "--csv", description = "Print a page as CSV (RFC 4180).")
        private boolean csv;

        ListActivity(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            Question question = new Question("/activity")
                    .with("person", person)
                    .with("kind", kind)
                    .with("since", since)
                    .with("until", until)
                    .with("cursor", cursor)
                    .with("limit", limit);
            if (csv) {
                output.raw(connection
                        .open(output)
                        .get(question.with("format", "csv").toString())
                        .text());
                return ExitCode.DONE;
            }
            return connection.show(output, question, ListActivity::lines);
        }

        private static List<String> lines(Fields page) {
            List<String> lines = new ArrayList<>();
            for (Fields activity : page.objectList("items")) {
                lines.add(String.format(
                        "%s  %-16s  %-12s  %-15s  %s%s",
                        activity.text("time"),
                        activity.text("kind"),
                        activity.textOr("person", "-"),
                        activity.textOr("network", "-"),
                        activity.integer("count") > 1 ? activity.integer("count") + " × " : "",
                        activity.texts("detail").entrySet().stream()
                                .map(detail -> detail.getKey() + "=" + detail.getValue())
                                .collect(Collectors.joining(" "))));
            }
            if (lines.isEmpty()) {
                lines.add("nothing was noted");
            }
            if (page.has("next")) {
                lines.add("more: --cursor " + page.text("next"));
            }
            return lines;
        }
    }
}
