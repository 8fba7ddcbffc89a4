package countersign.cli.history;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists merges of the past, and holds the verbs that look closer. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "List what was merged, newest first. All conditions must hold.",
            "",
            "With --format csv everything comes at once, ready for a spreadsheet; otherwise a page at a time."
        },
        footer = {
            "",
            "Examples:",
            "  countersign history --system checkout-production --since 2026-01-01T00:00:00Z",
            "  countersign history --search \"raise cache\"",
            "  countersign history --person erin --format csv > erin.csv"
        })
public final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Option(names = "--path", description = "They touched this path.")
    private @Nullable String path;

    @Option(names = "--document", paramLabel = "KIND/NAME", description = "They touched this document.")
    private @Nullable String document;

    @Option(names = "--system", description = "They touched this SystemConfig or what it deploys.")
    private @Nullable String system;

    @Option(names = "--target", description = "They touched this Target or what stands there.")
    private @Nullable String target;

    @Option(names = "--person", description = "This person contributed or signed.")
    private @Nullable String person;

    @Option(names = "--inventory-key", description = "They touched this KeyInventory entry.")
    private @Nullable String key;

    @Option(names = "--classification", description = "They touched what is classified so.")
    private @Nullable String classification;

    @Option(names = "--environment", description = "They touched this environment.")
    private @Nullable String environment;

    @Option(
            names = "--search",
            paramLabel = "WORDS",
            description =
                    "Their title, reason, plan, paths, names or people have all these words; the last may be begun.")
    private @Nullable String words;

    @Option(names = "--since", paramLabel = "TIME", description = "Not before, such as 2026-01-01T00:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Not after.")
    private @Nullable String until;

    @Option(names = "--before", paramLabel = "NUMBER", description = "Go on where the page before ended.")
    private @Nullable Long before;

    @Option(
            names = "--limit",
            defaultValue = "50",
            description = "At most so many, up to 200. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--format",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.TEXT;

    /** How the list is printed. */
    enum Format {
        TEXT,
        JSON,
        CSV;

        /** The word that is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private HistoryCommand(Shell shell) {
        connection = new Connection(shell);
    }

    public static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new HistoryCommand(shell));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.addSubcommand(new BlamePath(shell));
        line.addSubcommand(new PastState(shell));
        line.addSubcommand(new PastApprovers(shell));
        return line;
    }

    @Override
    public Integer call() {
        RemoteServer server = connection.open(output);
        if (format == Format.CSV) {
            output.raw(server.get(question().with("format", "csv").toString()).text());
            return ExitCode.DONE;
        }
        RemoteServer.Answer answer = server.get(
                question().with("limit", limit).with("before", before).toString());
        if (format == Format.JSON) {
            output.printJson(answer.json());
        } else {
            output.print(answer.json(), lines(answer.fields()));
        }
        return ExitCode.DONE;
    }

    private Question question() {
        return new Question("/history")
                .with("path", path)
                .with("document", document)
                .with("system", system)
                .with("target", target)
                .with("person", person)
                .with("key", key)
                .with("classification", classification)
                .with("environment", environment)
                .with("q", words)
                .with("since", since)
                .with("until", until);
    }

    private static List<String> lines(Fields page) {
        List<String> lines = new ArrayList<>();
        page.objectList("items").forEach(merge -> lines.add(line(merge)));
        if (page.has("next")) {
            lines.add("more: --before " + page.integer("next"));
        } else if (lines.isEmpty()) {
            lines.add("nothing was merged that meets all conditions");
        }
        return lines;
    }

    /** One line about a merge. */
    static String line(Fields merge) {
        return String.format(
                "%6d  %s  %-9s  %s  %s (%s)",
                merge.integer("seq"),
                merge.text("time"),
                merge.text("type"),
                merge.text("change"),
                merge.text("title"),
                merge.text("requester"));
    }
}
