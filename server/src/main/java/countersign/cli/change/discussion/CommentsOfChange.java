package countersign.cli.change.discussion;

import countersign.cli.change.subject.NamedChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.cli.remote.Question;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what was said about a change. */
@Command(
        name = "comments",
        mixinStandardHelpOptions = true,
        description = "Show what was said about a change, thread by thread.",
        footer = {"", "Example, what is still open:", "  countersign change comments raise-cache --unresolved"})
public final class CommentsOfChange implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NamedChange change;

    @Option(names = "--unresolved", description = "Only threads that are not resolved.")
    private boolean unresolved;

    @Option(names = "--after", paramLabel = "ID", description = "Go on where the page before ended.")
    private @Nullable String after;

    @Option(
            names = "--limit",
            defaultValue = "200",
            description = "At most so many comments. Default: ${DEFAULT-VALUE}.")
    private int limit;

    public CommentsOfChange(Shell shell) {
        change = new NamedChange(shell);
    }

    @Override
    public Integer call() {
        RemoteServer server = change.server(output);
        Question question = new Question(change.path("/comments"))
                .with("after", after)
                .with("limit", limit)
                .with("unresolved", unresolved ? "true" : null);
        RemoteServer.Answer answer = server.get(question.toString());
        output.print(answer.json(), lines(answer.fields()));
        return ExitCode.DONE;
    }

    private static List<String> lines(Fields page) {
        Map<Long, List<Fields>> threads = new LinkedHashMap<>();
        for (Fields comment : page.objectList("items")) {
            threads.computeIfAbsent(comment.integer("thread"), id -> new ArrayList<>())
                    .add(comment);
        }
        List<String> lines = new ArrayList<>();
        threads.values().forEach(thread -> {
            lines.add(about(thread.get(0)));
            thread.forEach(comment -> add(lines, comment));
        });
        if (lines.isEmpty()) {
            lines.add("nothing was said");
        }
        if (page.has("next")) {
            lines.add("more: --after " + page.integer("next"));
        }
        return lines;
    }

    private static String about(Fields comment) {
        StringBuilder about = new StringBuilder("thread " + comment.integer("thread"));
        if (comment.has("path")) {
            about.append("  ").append(comment.text("path"));
            about.append(comment.has("line") ? ":" + comment.integer("line") : "");
        }
        if (comment.has("requirement")) {
            about.append("  ").append(comment.text("requirement"));
        }
        if (comment.has("resolvedBy")) {
            about.append("  resolved by ").append(comment.text("resolvedBy"));
        }
        return about.toString();
    }

    private static void add(List<String> lines, Fields comment) {
        lines.add("  " + comment.integer("id") + "  " + comment.text("person") + "  " + comment.text("createdAt")
                + (comment.has("editedAt") ? "  edited" : ""));
        comment.text("text").lines().forEach(line -> lines.add("      " + line));
    }
}
