package countersign.cli.change;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a change alters in the repository. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Show what a change alters in the repository, line by line.",
        footer = {"", "Example:", "  countersign change diff raise-cache"})
final class DiffChange implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection = new Connection();

    @Parameters(paramLabel = "CHANGE", description = "Name of the change.")
    private String change;

    DiffChange(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        RemoteServer server = connection.open(shell, output);
        RemoteServer.Answer answer = server.get("/changes/" + ChangeName.parse(change) + "/diff");
        List<String> lines = new ArrayList<>();
        for (Fields file : answer.fields().objectList("files")) {
            lines.add("--- " + (file.has("before") ? "a/" + file.text("path") : "/dev/null"));
            lines.add("+++ " + (file.has("after") ? "b/" + file.text("path") : "/dev/null"));
            lines.add(file.textOr("text", "(large, or no text)"));
        }
        output.print(answer.json(), lines);
        return ExitCode.DONE;
    }
}
