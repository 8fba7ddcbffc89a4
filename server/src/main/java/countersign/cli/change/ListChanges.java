package countersign.cli.change;

import countersign.change.store.ChangeState;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Patience;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            "Examples, what waits for signatures, what should have been decided by now, and what comes to wait:",
            "  countersign change list --state review",
            "  countersign change list --late --sort priority",
            "  countersign change list --state review --watch"
        })
final class ListChanges implements Callable<Integer> {
    private static final int WAIT_SECONDS = 50;

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

    @Option(
            names = "--watch",
            description = "Then show each of them again when something happens to it, until you interrupt it.")
    private boolean watch;

    @Option(
            names = "--until",
            paramLabel = "STATE",
            description = "With --watch: end after the first that comes into this state.")
    private @Nullable String until;

    ListChanges(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        requireAnEnd();
        Question question = list();
        return watch ? watch(question) : connection.show(output, question, ListChanges::lines);
    }

    /** An end that never comes would be waited for in silence. */
    private void requireAnEnd() {
        if (until == null) {
            return;
        }
        ChangeState wanted = ChangeState.get(until);
        if (!watch) {
            throw new Refusal("contradicting-options", "--until " + until + " needs --watch", "add --watch");
        }
        if (state != null && ChangeState.get(state) != wanted) {
            throw new Refusal(
                    "contradicting-options",
                    "--state " + state + " shows no change that comes into the state " + until,
                    "leave --state out, or name the same state twice");
        }
    }

    private Question list() {
        return new Question("/changes")
                .with("limit", limit)
                .with("state", state)
                .with("sort", sort)
                .with("late", late ? "true" : null)
                .with("cursor", cursor);
    }

    /** The present first, so that nothing is missed that happens while the list is read. */
    private int watch(Question question) {
        Patience patience = new Patience(connection.open(output), output);
        String seen = patience.get(list().with("watch", "now").toString()).text("next");
        boolean ended = false;
        show(patience.get(question.toString()));
        while (!ended) {
            Fields page = patience.get(new Question("/changes")
                    .with("state", state)
                    .with("watch", seen)
                    .with("wait", WAIT_SECONDS)
                    .toString());
            ended = show(page);
            seen = page.text("next");
        }
        return ExitCode.DONE;
    }

    /** Shows changes, a line each; true if one of them is in the last state that is waited for. */
    private boolean show(Fields page) {
        boolean ended = false;
        for (Map<String, @Nullable Object> item : page.mapList("items")) {
            Fields change = Fields.of("change", item);
            if (output.json()) {
                output.raw(new String(Json.write(item), StandardCharsets.UTF_8) + "\n");
            } else {
                output.say(List.of(line(change)));
            }
            ended |= change.text("state").equals(until);
        }
        return ended;
    }

    private static List<String> lines(Fields page) {
        List<String> lines = new ArrayList<>();
        for (Fields change : page.objectList("items")) {
            lines.add(line(change));
        }
        if (lines.isEmpty()) {
            lines.add("no changes");
        }
        if (page.has("next")) {
            lines.add("more: --cursor " + page.text("next"));
        }
        return lines;
    }

    private static String line(Fields change) {
        return String.format(
                "%5d  %-11s  P%d %-4s  %-10s  %-30s  %s (%s)",
                change.integer("number"),
                change.text("state"),
                change.integer("priority"),
                change.flag("late") ? "LATE" : "",
                change.text("type"),
                change.text("name"),
                change.text("title"),
                change.text("requester"));
    }
}
