package countersign.cli.change;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what a change alters in the repository. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Show what a change alters in the repository, line by line.",
        footer = {"", "Example:", "  countersign change diff raise-cache"})
final class DiffChange implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    DiffChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        RemoteServer.Answer answer = server.get(change.path("/diff"));
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
