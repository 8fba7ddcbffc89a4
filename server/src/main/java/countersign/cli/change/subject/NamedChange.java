package countersign.cli.change.subject;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The change that a verb is about, and the server that has it. */
public final class NamedChange {
    private final Shell shell;

    @Mixin
    private final Connection connection;

    @Parameters(paramLabel = "CHANGE", description = "Name of the change.")
    private String name;

    public NamedChange(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    public Shell shell() {
        return shell;
    }

    public RemoteServer server(Output output) {
        return connection.open(output);
    }

    /** Its name; refuses one that no change can have. */
    public String name() {
        return ChangeName.parse(name);
    }

    /** Path of something of it on the server, such as {@code /gate}; empty for the change itself. */
    public String path(String part) {
        return "/changes/" + name() + part;
    }
}
