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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which server a verb talks to, and as whom. A token is never an argument: those can be seen. */
public final class Connection {
    private static final int MAX_TOKEN = 1 << 10;

    private final Shell shell;

    @Mixin
    private final ServerOption server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File that holds your token. Default: $COUNTERSIGN_TOKEN, your session (countersign login), or the"
                            + " password in the clone's URL.")
    private @Nullable Path tokenFile;

    public Connection(Shell shell) {
        this.shell = shell;
        this.server = new ServerOption(shell);
    }

    /** Asks the server one question and prints its answer: as it is, or the lines that are made of it. Gives an exit code. */
    public int show(Output output, Question question, Function<Fields, List<String>> lines) {
        RemoteServer.Answer answer = open(output).get(question.toString());
        output.print(answer.json(), lines.apply(answer.fields()));
        return ExitCode.DONE;
    }

    /** Opens the server; refuses {@code no-server-url}, {@code no-token} and {@code session-over}. */
    public RemoteServer open(Output output) {
        ServerUrl url = server.url();
        return url.open("the token", output).with(token(url));
    }

    private String token(ServerUrl url) {
        return Optional.ofNullable(tokenFile)
                .map(Connection::read)
                .or(() -> shell.variable("COUNTERSIGN_TOKEN"))
                .or(() -> server.named().map(ServerUrl::secret))
                .or(() -> session(url)
                        .filter(session -> session.countsAt(shell.clock().instant()))
                        .map(Sessions.Session::secret))
                .or(() -> secretOfClone(url))
                .map(String::strip)
                .orElseThrow(() -> noToken(url));
    }

    private Optional<Sessions.Session> session(ServerUrl url) {
        return new Sessions(shell).find(url.base());
    }

    /** The password in the remote of the clone that the user stands in, if it came from that server. */
    private Optional<String> secretOfClone(ServerUrl url) {
        return server.ofClone()
                .filter(origin -> origin.base().equals(url.base()))
                .map(ServerUrl::secret);
    }

    private Refusal noToken(ServerUrl url) {
        return session(url)
                .map(session -> new Refusal(
                        "session-over",
                        "the session of " + session.person() + " with " + url.base() + " ended at " + session.expires(),
                        "countersign login --person " + session.person()))
                .orElseGet(() -> new Refusal(
                        "no-token",
                        "there is no token: no --token-file, no COUNTERSIGN_TOKEN, no session with " + url.base()
                                + ", and none in a clone of that server here",
                        "sign in with countersign login --person <name>; or make one with countersign token create,"
                                + " then export COUNTERSIGN_TOKEN=<token>"));
    }

    private static String read(Path file) {
        return NamedFile.find(file, MAX_TOKEN)
                .orElseThrow(() -> new Refusal("no-token", file + " is no file that holds a token"));
    }
}
