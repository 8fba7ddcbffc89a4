package countersign.cli.change;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists changes. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List changes, newest first, or those that wait for a decision, the most pressing first.",
        footer = {
            "",
            "Examples, what waits for signatures, and what should have been decided by now:",
            "  countersign change list --state review",
            "  countersign change list --late --sort priority"
        })
final class ListChanges implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Option(
            names = "--state",
            description = "Only those: draft, review, approved, scheduled, applying, soaking, confirmed, rejected,"
                    + " withdrawn, failed or rolled-back.")
    private @Nullable String state;

    @Option(
            names = "--sort",
            description = "newest, or what waits for a decision by deadline or by priority. Default: newest.")
    private @Nullable String sort;

    @Option(names = "--late", description = "Only what waits for a decision that is overdue.")
    private boolean late;

    @Option(
            names = "--limit",
            defaultValue = "50",
            description = "At most so many, up to 200. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", description = "Go on where the page before ended.")
    private @Nullable String cursor;

    ListChanges(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        Question question = new Question("/changes")
                .with("limit", limit)
                .with("state", state)
                .with("sort", sort)
                .with("late", late ? "true" : null)
                .with("cursor", cursor);
        return connection.show(output, question, ListChanges::lines);
    }

    private static List<String> lines(Fields page) {
        List<String> lines = new ArrayList<>();
        for (Fields change : page.objectList("items")) {
            lines.add(String.format(
                    "%5d  %-11s  P%d %-4s  %-10s  %-30s  %s (%s)",
                    change.integer("number"),
                    change.text("state"),
                    change.integer("priority"),
                    change.flag("late") ? "LATE" : "",
                    change.text("type"),
                    change.text("name"),
                    change.text("title"),
                    change.text("requester")));
        }
        if (lines.isEmpty()) {
            lines.add("no changes");
        }
        if (page.has("next")) {
            lines.add("more: --cursor " + page.text("next"));
        }
        return lines;
    }
}
