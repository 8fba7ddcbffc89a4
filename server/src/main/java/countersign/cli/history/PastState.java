package countersign.cli.history;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what main was at a time, or prints a file as it stood. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        description = {
            "Print a file as it stood on main at a time.",
            "",
            "Without a path: the commit, content root and log entry of that time. Check it out for everything else."
        },
        footer = {
            "",
            "Example:",
            "  countersign history state --at 2026-03-31T23:59:59Z systems/checkout/checkout-production.yaml"
        })
final class PastState implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Option(names = "--at", required = true, paramLabel = "TIME", description = "Such as 2026-03-31T23:59:59Z.")
    private String at = "";

    @Parameters(arity = "0..1", paramLabel = "PATH", description = "A file in the repository.")
    private @Nullable String path;

    PastState(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        RemoteServer.Answer answer = connection
                .open(output)
                .get(new Question("/state").with("at", at).with("path", path).toString());
        Fields state = answer.fields();
        Fields file = state.objectOrNull("file");
        if (output.json() || file == null) {
            output.print(answer.json(), lines(state));
        } else {
            output.raw(text(file));
        }
        return ExitCode.DONE;
    }

    private static String text(Fields file) {
        if (!file.has("text")) {
            throw new Refusal(
                    "not-a-text",
                    file.text("path") + " is no UTF-8 and has " + file.integer("size") + " bytes",
                    "use --json, which has it in Base64");
        }
        return file.text("text");
    }

    private static List<String> lines(Fields state) {
        return List.of(
                "commit        " + state.text("commit"),
                "content root  " + state.text("contentRoot"),
                "log entry     " + state.integer("index"),
                "since         " + state.text("since"));
    }
}
