package countersign.cli.event;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Webhooks of a running server; only for administrators. */
@Command(
        name = "webhook",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Have events sent to an address of yours as signed messages. Needs a token with the scope admin.",
            "",
            "What does not arrive is sent again for three days, later each time, under the same id."
        },
        footer = {
            "",
            "Example:",
            "  countersign webhook create --name chat --url https://chat.example/hook \\",
            "    --type change.merged,change.failed"
        })
public final class WebhookCommand {
    private static final String PATH = "/webhooks";

    private WebhookCommand() {}

    public static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new WebhookCommand());
        line.addSubcommand(new Create(shell));
        line.addSubcommand(new ListWebhooks(shell));
        line.addSubcommand(new Deliveries(shell));
        for (Act act : Act.values()) {
            CommandLine verb = new CommandLine(new ActOn(act, shell));
            verb.getCommandSpec()
                    .usageMessage()
                    .description(act.description)
                    .footer("", "Example:", "  countersign webhook " + act.verb() + " 0123456789abcdef");
            line.addSubcommand(act.verb(), verb);
        }
        return line;
    }

    /** Makes a webhook and prints its secret once. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Subscribe an address to what happens from now on. The secret is printed once and kept nowhere.",
            footer = {
                "",
                "Example:",
                "  countersign webhook create --name chat --url https://chat.example/hook --type change.merged"
            })
    static final class Create implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Option(names = "--name", required = true, description = "What to call it.")
        private String name;

        @Option(names = "--url", required = true, description = "Where messages are posted; https.")
        private String url;

        @Option(names = "--type", split = ",", description = "Only these events; all by default.")
        private List<String> types = new ArrayList<>();

        Create(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            RemoteServer.Answer answer =
                    connection.open(output).post(PATH, Map.of("name", name, "url", url, "types", types), Map.of());
            Fields webhook = answer.fields();
            output.print(
                    answer.json(),
                    List.of(
                            "webhook " + webhook.text("id"),
                            "secret  " + webhook.text("secret"),
                            "Next: countersign webhook ping " + webhook.text("id")));
            return ExitCode.DONE;
        }
    }

    /** Lists webhooks. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List webhooks, and how they do.",
            footer = {"", "Example:", "  countersign webhook list"})
    static final class ListWebhooks implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        ListWebhooks(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            return connection.show(output, new Question(PATH), ListWebhooks::lines);
        }

        private static List<String> lines(Fields page) {
            List<String> lines = new ArrayList<>();
            for (Fields webhook : page.objectList("items")) {
                lines.add(webhook.text("id") + "  " + condition(webhook) + "  " + webhook.text("name") + "  "
                        + webhook.text("url") + "  " + String.join(",", webhook.textList("types")));
            }
            return lines.isEmpty() ? List.of("no webhooks") : lines;
        }

        private static String condition(Fields webhook) {
            if (webhook.flag("enabled")) {
                return webhook.has("failingSince") ? "failing since " + webhook.text("failingSince") : "on";
            }
            return webhook.has("reason") ? "disabled: " + webhook.text("reason") : "off";
        }
    }

    /** Lists what was sent. */
    @Command(
            name = "deliveries",
            mixinStandardHelpOptions = true,
            description = "List what was sent to a webhook and what waits, newest first.",
            footer = {"", "Example:", "  countersign webhook deliveries 0123456789abcdef"})
    static final class Deliveries implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Parameters(paramLabel = "ID", description = "Id of the webhook.")
        private String id;

        @Option(names = "--before", paramLabel = "N", description = "Go on where the page before ended.")
        private @Nullable String before;

        @Option(
                names = "--limit",
                defaultValue = "50",
                description = "At most so many, up to 200. Default: ${DEFAULT-VALUE}.")
        private int limit;

        Deliveries(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            Question question = Question.below(PATH, id + "/deliveries")
                    .with("limit", limit)
                    .with("before", before);
            return connection.show(output, question, Deliveries::lines);
        }

        private static List<String> lines(Fields page) {
            List<String> lines = new ArrayList<>();
            for (Fields delivery : page.objectList("items")) {
                lines.add(String.format(
                        "%-24s  %-18s  %-9s  %d attempt(s)%s%s",
                        delivery.text("message"),
                        delivery.text("type"),
                        delivery.text("state"),
                        delivery.integer("attempts"),
                        delivery.has("next") ? "  next " + delivery.text("next") : "",
                        delivery.has("failure") ? "  " + delivery.text("failure") : ""));
            }
            if (page.has("next")) {
                lines.add("more: --before " + page.text("next"));
            }
            return lines.isEmpty() ? List.of("nothing was sent") : lines;
        }
    }

    /** What can be done to one webhook. */
    private enum Act {
        PING("Send a message that only says that messages arrive."),
        ENABLE("Let a webhook send: what waited, and what happens from now on."),
        DISABLE("Let a webhook send nothing; what happens meanwhile is never sent."),
        DELETE("Forget a webhook and what was sent to it.");

        private final String description;

        Act(String description) {
            this.description = description;
        }

        String verb() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Does something to one webhook. */
    @Command(mixinStandardHelpOptions = true)
    static final class ActOn implements Callable<Integer> {
        private final Act act;

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Parameters(paramLabel = "ID", description = "Id of the webhook.")
        private String id;

        ActOn(Act act, Shell shell) {
            this.act = act;
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            RemoteServer server = connection.open(output);
            String path = Question.below(PATH, id).toString();
            switch (act) {
                case PING -> {
                    String message =
                            server.post(path + "/ping", null, Map.of()).fields().text("message");
                    output.print(
                            Map.of("message", message),
                            List.of("sending " + message + "; whether it arrived: countersign webhook deliveries "
                                    + id));
                }
                case ENABLE -> toggle(server, path, true);
                case DISABLE -> toggle(server, path, false);
                case DELETE -> {
                    server.delete(path);
                    output.print(Map.of("deleted", id), List.of("deleted " + id));
                }
            }
            return ExitCode.DONE;
        }

        private void toggle(RemoteServer server, String path, boolean on) {
            output.print(
                    server.patch(path, Map.of("enabled", on)).json(), List.of((on ? "enabled " : "disabled ") + id));
        }
    }
}
