package countersign.cli.remote;

import countersign.cli.console.Output;
import countersign.codec.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which server a verb talks to. */
public final class ServerOption {
    private final Shell shell;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "URL of the server. Default: $COUNTERSIGN_URL, or where the clone you stand in came from.")
    private @Nullable String server;

    public ServerOption(Shell shell) {
        this.shell = shell;
    }

    /** The server for somebody who has no token yet; refuses {@code no-server-url}. */
    public RemoteServer open(Output output) {
        return url().open("the password", output);
    }

    /** The server; refuses {@code no-server-url}. */
    ServerUrl url() {
        return named().or(this::ofClone)
                .orElseThrow(() -> new Refusal(
                        "no-server-url",
                        "which server? There is no --server, no COUNTERSIGN_URL, and this folder is no clone of one",
                        "add --server https://<host>"));
    }

    /** The server that the user named. */
    Optional<ServerUrl> named() {
        return Optional.ofNullable(server)
                .or(() -> shell.variable("COUNTERSIGN_URL"))
                .map(ServerUrl::parse);
    }

    /** The server that the clone in which the user stands came from. */
    Optional<ServerUrl> ofClone() {
        return new WorkingCopy(shell.folder()).originUrl().flatMap(ServerUrl::ofRemote);
    }
}
