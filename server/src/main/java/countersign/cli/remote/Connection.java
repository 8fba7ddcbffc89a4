package countersign.cli.remote;

import countersign.cli.console.ExitCode;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server a verb talks to, and as whom. A token is never an argument: those can be seen. */
public final class Connection {
    private static final int MAX_TOKEN = 1 << 10;

    private final Shell shell;

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

    public Connection(Shell shell) {
        this.shell = shell;
    }

    /** Asks the server one question and prints its answer: as it is, or the lines that are made of it. Gives an exit code. */
    public int show(Output output, Question question, Function<Fields, List<String>> lines) {
        RemoteServer.Answer answer = open(output).get(question.toString());
        output.print(answer.json(), lines.apply(answer.fields()));
        return ExitCode.DONE;
    }

    /** Opens the server; refuses {@code no-server-url} and {@code no-token}. */
    public RemoteServer open(Output output) {
        ServerUrl url = url();
        if (url.inTheClear()) {
            output.warn("warning: the token travels in the clear to " + url.base() + "; use https");
        }
        return new RemoteServer(url.base(), token(url));
    }

    private ServerUrl url() {
        return Optional.ofNullable(server)
                .or(() -> shell.variable("COUNTERSIGN_URL"))
                .map(ServerUrl::parse)
                .or(() -> new WorkingCopy(shell.folder()).originUrl().flatMap(ServerUrl::ofRemote))
                .orElseThrow(() -> new Refusal(
                        "no-server-url",
                        "which server? There is no --server, no COUNTERSIGN_URL, and this folder is no clone of one",
                        "add --server https://<host>"));
    }

    private String token(ServerUrl url) {
        return Optional.ofNullable(tokenFile)
                .map(Connection::read)
                .or(() -> shell.variable("COUNTERSIGN_TOKEN"))
                .or(() -> Optional.ofNullable(url.secret()))
                .or(() -> secretOfClone(url))
                .map(String::strip)
                .orElseThrow(() -> new Refusal(
                        "no-token",
                        "there is no token: no --token-file, no COUNTERSIGN_TOKEN, and none in a clone of that server here",
                        "make one with countersign token create, then export COUNTERSIGN_TOKEN=<token>"));
    }

    /** The password in the remote of the clone that the user stands in, if it came from that server. */
    private Optional<String> secretOfClone(ServerUrl url) {
        return new WorkingCopy(shell.folder())
                .originUrl()
                .flatMap(ServerUrl::ofRemote)
                .filter(origin -> origin.base().equals(url.base()))
                .map(ServerUrl::secret);
    }

    private static String read(Path file) {
        return NamedFile.find(file, MAX_TOKEN)
                .orElseThrow(() -> new Refusal("no-token", file + " is no file that holds a token"));
    }
}
