package countersign.cli.session;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.ServerOption;
import countersign.cli.remote.Sessions;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Opens a session by password, with which all verbs then speak to that server. A password is never an argument. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = {
            "Sign in to a server by password.",
            "",
            "The password is asked for at the terminal, which does not show it. The session lasts twelve hours, or until"
                    + " countersign logout. It is kept in a file that nobody else may read, below $XDG_CONFIG_HOME or"
                    + " ~/.config, and all verbs use it with that server unless COUNTERSIGN_TOKEN or --token-file names"
                    + " another. An administrator sets passwords: countersign password set."
        },
        footer = {
            "",
            "Examples:",
            "  countersign login --person ann --server https://countersign.example",
            "  countersign login --person ann --password-stdin < ann.password"
        })
public final class LoginCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServerOption where;

    @Option(names = "--person", required = true, description = "Who you are: a name in access/people.")
    private String person;

    @Option(names = "--password-stdin", description = "Read the password from the first line of standard input.")
    private boolean fromInput;

    public LoginCommand(Shell shell) {
        this.shell = shell;
        this.where = new ServerOption(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = where.open(output);
        Sessions sessions = new Sessions(shell);
        Optional<Sessions.Session> before = sessions.find(server.base());
        Fields opened = server.post("/sessions", Map.of("person", person, "password", password(server)), Map.of())
                .fields();
        Sessions.Session session = Sessions.Session.read(opened);
        Path file = sessions.keep(server.base(), session);
        before.ifPresent(replaced -> LogoutCommand.end(server, replaced));
        output.print(
                view(server, session, opened.textList("scopes"), file),
                List.of(
                        "signed in to " + server.base() + " as " + session.person() + " until " + session.expires(),
                        "the session is in " + file + "; end it with countersign logout"));
        if (shell.variable("COUNTERSIGN_TOKEN").isPresent()) {
            output.warn("warning: COUNTERSIGN_TOKEN is set, and verbs use that token instead of this session");
        }
        return ExitCode.DONE;
    }

    private String password(RemoteServer server) {
        return fromInput
                ? shell.keyboard().firstLine()
                : shell.keyboard()
                        .secret("Password of " + Output.visible(person) + " at " + server.base() + ": ")
                        .orElseThrow(() -> new Refusal(
                                "no-terminal",
                                "there is no terminal to ask for the password",
                                "send it to standard input, with --password-stdin"));
    }

    private static Map<String, @Nullable Object> view(
            RemoteServer server, Sessions.Session session, List<String> scopes, Path file) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("server", server.base().toString());
        view.put("person", session.person());
        view.put("id", session.id());
        view.put("scopes", scopes);
        view.put("expires", session.expires().toString());
        view.put("file", file.toString());
        return view;
    }
}
