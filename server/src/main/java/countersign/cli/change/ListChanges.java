package countersign.cli.change;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
        description = "List changes, newest first.",
        footer = {"", "Example, what waits for signatures:", "  countersign change list --state review"})
final class ListChanges implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection = new Connection();

    @Option(
            names = "--state",
            description = "Only those: draft, review, approved, scheduled, applying, soaking, confirmed, rejected,"
                    + " withdrawn, failed or rolled-back.")
    private @Nullable String state;

    @Option(names = "--limit", defaultValue = "50", description = "At most so many, up to 200; ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", description = "Go on where the page before ended.")
    private @Nullable String cursor;

    ListChanges(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        RemoteServer server = connection.open(shell, output);
        RemoteServer.Answer answer =
                server.get("/changes?limit=" + limit + parameter("state", state) + parameter("cursor", cursor));
        output.print(answer.json(), lines(answer.fields()));
        return ExitCode.DONE;
    }

    private static List<String> lines(Fields page) {
        List<String> lines = new ArrayList<>();
        for (Fields change : page.objectList("items")) {
            lines.add(String.format(
                    "%5d  %-11s  %-10s  %-30s  %s (%s)",
                    change.integer("number"),
                    change.text("state"),
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

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
