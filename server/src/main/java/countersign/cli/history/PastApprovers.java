package countersign.cli.history;

import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who could approve a change of a path at a time. */
@Command(
        name = "approvers",
        mixinStandardHelpOptions = true,
        description = {
            "Show who could approve a change of a path at a time: the rules that matched, and who held each role",
            "with a key that was not revoked. Whoever contributes to a change can't approve it."
        },
        footer = {
            "",
            "Example:",
            "  countersign history approvers --at 2026-03-31T23:59:59Z systems/checkout/checkout-production.yaml"
        })
final class PastApprovers implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Option(names = "--at", required = true, paramLabel = "TIME", description = "Such as 2026-03-31T23:59:59Z.")
    private String at = "";

    @Parameters(paramLabel = "PATH", description = "A path in the repository.")
    private String path = "";

    PastApprovers(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        Question question = new Question("/approvers").with("at", at).with("path", path);
        return connection.show(output, question, PastApprovers::lines);
    }

    private static List<String> lines(Fields view) {
        List<String> lines = new ArrayList<>();
        List<Fields> rules = view.objectList("rules");
        if (rules.isEmpty()) {
            lines.add("nobody: no rule matched " + view.text("path") + ", so no change of it could merge");
        }
        for (Fields rule : rules) {
            lines.add(rule.text("name") + " needs " + needs(rule) + only(rule));
            for (Fields role : rule.objectList("roles")) {
                lines.add("  " + role.text("role") + ":"
                        + (role.objectList("people").isEmpty() ? " nobody" : ""));
                role.objectList("people").forEach(person -> lines.add(holder(person)));
            }
        }
        lines.add("and at least " + view.integer("floor") + " who did not contribute");
        return lines;
    }

    private static String needs(Fields rule) {
        return rule.objectList("needs").stream()
                .map(need -> need.integer("count") + " " + need.text("role"))
                .collect(Collectors.joining(", "));
    }

    private static String only(Fields rule) {
        List<String> only = new ArrayList<>(rule.textList("operations"));
        only.addAll(rule.textList("types"));
        return only.isEmpty() ? "" : " (only for " + String.join(", ", only) + ")";
    }

    private static String holder(Fields person) {
        return "    " + person.text("person") + "  by " + person.text("grant") + "  until " + person.text("notAfter")
                + "  keys " + String.join(" ", person.textList("keys"));
    }
}
