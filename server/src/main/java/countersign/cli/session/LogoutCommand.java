package countersign.cli.session;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.ServerOption;
import countersign.cli.remote.Sessions;
import countersign.cli.remote.Shell;
import countersign.codec.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a session that a sign-in opened: at the server first, so that nothing is forgotten that still counts. */
@Command(
        name = "logout",
        mixinStandardHelpOptions = true,
        description = {
            "End the session that countersign login opened: it counts no more at the server, and its file is gone.",
            "",
            "If the server cannot be reached, both stay, and the exit code is 3."
        },
        footer = {"", "Example:", "  countersign logout --server https://countersign.example"})
public final class LogoutCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ServerOption where;

    public LogoutCommand(Shell shell) {
        this.shell = shell;
        this.where = new ServerOption(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = where.open(output);
        Sessions sessions = new Sessions(shell);
        Sessions.Session session = sessions.find(server.base())
                .orElseThrow(() -> new Refusal(
                        "no-session",
                        "there is no session with " + server.base() + " to end",
                        "tokens are revoked with countersign token revoke <id>"));
        boolean stood = end(server, session);
        sessions.forget(server.base());
        output.print(
                view(server, session, stood),
                List.of(
                        stood
                                ? "signed out of " + server.base() + ": the session of " + session.person()
                                        + " counts no more"
                                : "the session of " + session.person() + " with " + server.base()
                                        + " was over already; it is forgotten"));
        return ExitCode.DONE;
    }

    /** Ends a session at the server; whether it was not over before. */
    static boolean end(RemoteServer server, Sessions.Session session) {
        try {
            server.with(session.secret()).delete("/tokens/" + session.id());
            return true;
        } catch (Refusal refusal) {
            if (!refusal.rule().equals("not-authenticated") && !refusal.rule().equals("no-such-token")) {
                throw refusal;
            }
            return false;
        }
    }

    private static Map<String, @Nullable Object> view(RemoteServer server, Sessions.Session session, boolean stood) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("server", server.base().toString());
        view.put("person", session.person());
        view.put("id", session.id());
        view.put("stood", stood);
        return view;
    }
}
