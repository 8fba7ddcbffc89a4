package countersign.cli.event;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Patience;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what happens, as it happens. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Show what happens to changes and to keys, and orders to stop everything, as it happens, until you interrupt it.",
            "",
            "It comes back by itself after the server was away, and goes on behind the last event that it showed: nothing is"
                    + " left out and nothing shown twice."
        },
        footer = {
            "",
            "Example, wait until a change is applied everywhere, or failed:",
            "  countersign watch --change raise-cache --after oldest \\",
            "    --until change.soaking,change.confirmed,change.failed"
        })
public final class WatchCommand implements Callable<Integer> {
    private static final int WAIT_SECONDS = 50;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Option(names = "--change", paramLabel = "NAME", description = "Only what happens to this change.")
    private @Nullable String change;

    @Option(
            names = "--type",
            split = ",",
            description = "Only these, for example change.merged or unit.failed; with commas between.")
    private List<String> types = new ArrayList<>();

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Begin behind this event, or with the oldest that is kept: oldest. Default: the present.")
    private @Nullable String after;

    @Option(names = "--until", split = ",", paramLabel = "TYPE", description = "End after the first of these.")
    private List<String> until = new ArrayList<>();

    public WatchCommand(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        Patience patience = new Patience(connection.open(output), output);
        boolean ended = false;
        while (!ended) {
            Fields page = patience.get(path());
            for (Map<String, @Nullable Object> event : page.mapList("items")) {
                ended = ended || show(event);
            }
            after = page.text("next");
        }
        return ExitCode.DONE;
    }

    private String path() {
        List<String> wanted = new ArrayList<>(types);
        if (!types.isEmpty()) {
            wanted.addAll(until);
        }
        return new Question("/events")
                .with("wait", after == null ? 0 : WAIT_SECONDS)
                .with("after", after)
                .with("change", change)
                .with("type", wanted.isEmpty() ? null : String.join(",", wanted))
                .toString();
    }

    /** Shows an event; true if it is the last one wanted. */
    private boolean show(Map<String, @Nullable Object> event) {
        Fields fields = Fields.of("event", event);
        if (output.json()) {
            output.raw(new String(Json.write(event), StandardCharsets.UTF_8) + "\n");
        } else {
            output.say(List.of(line(fields)));
        }
        return until.contains(fields.text("type"));
    }

    private static String line(Fields event) {
        Fields detail = event.object("detail");
        StringBuilder line = new StringBuilder(
                String.format("%s  %-18s  %s", event.text("time"), event.text("type"), event.textOr("change", "")));
        if (event.has("person")) {
            line.append("  by ").append(event.text("person"));
        }
        for (String known : List.of("decision", "role", "key", "target", "system", "title", "other", "reason")) {
            if (detail.has(known)) {
                line.append("  ").append(detail.text(known));
            }
        }
        return line.toString();
    }
}
