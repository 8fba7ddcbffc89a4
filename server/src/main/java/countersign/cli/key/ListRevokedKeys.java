package countersign.cli.key;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the revoked keys. */
@Command(
        name = "revoked",
        mixinStandardHelpOptions = true,
        description = "List the keys that their owners revoked, in the order of the log.",
        footer = {"", "Example:", "  countersign key revoked"})
final class ListRevokedKeys implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection = new Connection();

    ListRevokedKeys(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        RemoteServer.Answer answer = connection.open(shell, output).get("/revocations");
        List<String> lines = answer.fields().objectList("items").stream()
                .map(ListRevokedKeys::line)
                .toList();
        output.print(answer.json(), lines);
        return ExitCode.DONE;
    }

    private static String line(Fields item) {
        String what = item.has("since") ? "compromised since log entry " + item.integer("since") : "retired";
        return item.text("key") + "  " + item.text("person") + "  log entry " + item.integer("index") + "  " + what;
    }
}
