package countersign.cli.key;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
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
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    ListRevokedKeys(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        return connection.show(output, new Question("/revocations"), ListRevokedKeys::lines);
    }

    private static List<String> lines(Fields page) {
        List<Fields> items = page.objectList("items");
        return items.isEmpty()
                ? List.of("no key is revoked")
                : items.stream().map(ListRevokedKeys::line).toList();
    }

    private static String line(Fields item) {
        String what = item.has("since") ? "compromised since log entry " + item.integer("since") : "retired";
        return item.text("key") + "  " + item.text("person") + "  log entry " + item.integer("index") + "  " + what;
    }
}
