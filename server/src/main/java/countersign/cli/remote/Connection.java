package countersign.cli.remote;

import countersign.cli.console.Output;
import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server a verb talks to, and as whom. A token is never an argument: those can be seen. */
public final class Connection {
    private static final int MAX_TOKEN = 1 << 10;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "URL of the server. Default: $COUNTERSIGN_URL, or where the clone you stand in came from.")
    private @Nullable String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File that holds your token. Default: $COUNTERSIGN_TOKEN, or the password in the clone's URL.")
    private @Nullable Path tokenFile;

    /** Opens the server; refuses {@code no-server-url} and {@code no-token}. */
    public RemoteServer open(Shell shell, Output output) {
        ServerUrl url = url(shell);
        if (url.inTheClear()) {
            output.warn("warning: the token travels in the clear to " + url.base() + "; use https");
        }
        return new RemoteServer(url.base(), token(shell, url));
    }

    private ServerUrl url(Shell shell) {
        return Optional.ofNullable(server)
                .or(() -> shell.variable("COUNTERSIGN_URL"))
                .map(ServerUrl::parse)
                .or(() -> new WorkingCopy(shell.folder()).originUrl().flatMap(ServerUrl::ofRemote))
                .orElseThrow(() -> new Refusal(
                        "no-server-url",
                        "which server? There is no --server, no COUNTERSIGN_URL, and this folder is no clone of one",
                        "add --server https://<host>"));
    }

    private String token(Shell shell, ServerUrl url) {
        return Optional.ofNullable(tokenFile)
                .map(Connection::read)
                .or(() -> shell.variable("COUNTERSIGN_TOKEN"))
                .or(() -> Optional.ofNullable(url.secret()))
                .map(String::strip)
                .orElseThrow(() -> new Refusal(
                        "no-token",
                        "there is no token: no --token-file and no COUNTERSIGN_TOKEN",
                        "make one with countersign token create, then export COUNTERSIGN_TOKEN=<token>"));
    }

    private static String read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_TOKEN) {
                throw new Refusal("no-token", file + " is no file that holds a token");
            }
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
    }
}
