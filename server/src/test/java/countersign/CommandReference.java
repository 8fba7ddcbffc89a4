package countersign;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Writes the reference of the commands from their own help, in Markdown. */
final class CommandReference {
    private final StringBuilder out = new StringBuilder();

    private CommandReference() {}

    static String write(CommandLine root) {
        CommandReference reference = new CommandReference();
        reference.introduction(root);
        root.getSubcommands().values().forEach(reference::verb);
        return reference.out.toString();
    }

    private void introduction(CommandLine root) {
        out.append("""
                # The commands

                Made from the help of each command; do not edit. `--json` prints one JSON document on standard output, and refusals as
                JSON on standard error. Verbs that talk to a server find it by `--server` or `COUNTERSIGN_URL`, or by the remote of
                the clone they stand in, and their token by `--token-file` or `COUNTERSIGN_TOKEN`.

                | exit code | meaning |
                |---|---|
                """);
        root.getCommandSpec()
                .usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> out.append("| ")
                        .append(code)
                        .append(" | ")
                        .append(meaning)
                        .append(" |\n"));
        out.append("\n| command | what it does |\n|---|---|\n");
        root.getSubcommands().values().forEach(this::row);
    }

    private void row(CommandLine verb) {
        String name = verb.getCommandSpec().qualifiedName();
        if (verb.getCommand() instanceof Callable<?>) {
            out.append("| [`").append(name).append("`](#").append(anchor(name)).append(") | ");
            out.append(cell(said(verb))).append(" |\n");
        }
        verb.getSubcommands().values().forEach(this::row);
    }

    private void verb(CommandLine verb) {
        if (verb.getCommand() instanceof Callable<?>) {
            out.append("\n## ").append(verb.getCommandSpec().qualifiedName()).append("\n\n```text\n");
            out.append(verb.getUsageMessage(Ansi.OFF)
                    .lines()
                    .map(String::stripTrailing)
                    .collect(Collectors.joining("\n")));
            out.append("\n```\n");
        }
        verb.getSubcommands().values().forEach(this::verb);
    }

    private static String said(CommandLine verb) {
        return verb.getCommandSpec().usageMessage().description()[0];
    }

    private static String cell(String text) {
        return text.formatted().replace("|", "\\|").replace("\n", " ");
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
