package countersign.cli.change.discussion;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says something about a change, or closes what was said. */
@Command(
        name = "comment",
        mixinStandardHelpOptions = true,
        description = {
            "Say something about a change, a file of it, a line, or a requirement of its gate; reply, edit, resolve, reopen.",
            "",
            "Comments decide nothing. Who disagrees signs it: countersign change reject."
        },
        footer = {
            "",
            "Examples:",
            "  countersign change comment raise-cache --message 'Why 45 and not 60?' \\",
            "    --path systems/shop/shop.yaml --line 12",
            "  countersign change comment raise-cache --message 'Measured it.' --reply-to 7",
            "  countersign change comment raise-cache --resolve 7"
        })
public final class CommentOnChange implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "What to say, in Markdown.")
    private @Nullable String message;

    @Option(names = "--path", description = "A file that is meant.")
    private @Nullable String path;

    @Option(names = "--line", description = "A line of that file, as the newest revision has it.")
    private @Nullable Integer line;

    @Option(names = "--requirement", paramLabel = "RULE", description = "A requirement that is meant, see change gate.")
    private @Nullable String requirement;

    @ArgGroup
    private @Nullable Earlier earlier;

    /** An earlier comment. */
    static final class Earlier {
        @Option(names = "--reply-to", paramLabel = "ID", description = "Go on with the thread of this comment.")
        private @Nullable Long reply;

        @Option(names = "--edit", paramLabel = "ID", description = "Let this comment of yours say something else.")
        private @Nullable Long edit;

        @Option(names = "--resolve", paramLabel = "ID", description = "Close the thread of this comment.")
        private @Nullable Long resolve;

        @Option(names = "--reopen", paramLabel = "ID", description = "Open the thread of this comment again.")
        private @Nullable Long reopen;
    }

    public CommentOnChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        RemoteServer.Answer answer = answer(server, earlier == null ? new Earlier() : earlier);
        Fields comment = answer.fields();
        output.print(
                answer.json(),
                List.of("comment " + comment.integer("id") + " of thread " + comment.integer("thread")
                        + (comment.has("resolvedBy") ? ", resolved" : "")));
        return ExitCode.DONE;
    }

    private RemoteServer.Answer answer(RemoteServer server, Earlier wanted) {
        String comments = change.path("/comments");
        if (wanted.resolve != null) {
            return server.post(comments + "/" + wanted.resolve + "/resolve", null, Map.of());
        }
        if (wanted.reopen != null) {
            return server.post(comments + "/" + wanted.reopen + "/reopen", null, Map.of());
        }
        if (wanted.edit != null) {
            return server.patch(comments + "/" + wanted.edit, Map.of("text", text()));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("text", text());
        put(body, "path", path);
        put(body, "line", line);
        put(body, "requirement", requirement);
        put(body, "replyTo", wanted.reply);
        return server.post(comments, body, Map.of());
    }

    private String text() {
        if (message == null) {
            throw new Refusal("no-message", "there is nothing to say", "add --message 'Why 45 and not 60?'");
        }
        return message;
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
