package countersign.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Writes a completion script for fish, which picocli does not. */
final class FishCompletion {
    private final String program;
    private final List<String> lines = new ArrayList<>();

    private FishCompletion(String program) {
        this.program = program;
    }

    /** The script for a command line and all its verbs. */
    static String write(CommandLine root) {
        FishCompletion script = new FishCompletion(root.getCommandName());
        script.begin();
        script.verb("", root);
        return String.join("\n", script.lines) + "\n";
    }

    private void begin() {
        lines.add("# Completion of " + program + " in fish");
        lines.add("# Whether the verbs typed so far are these, and whether they begin with these.");
        lines.add("function __" + program + "_at");
        lines.add("    set -l words (commandline -opc)");
        lines.add("    set -l verbs (string match -v -- '-*' $words[2..-1])");
        lines.add("    test \"$verbs\" = \"$argv\"");
        lines.add("end");
        lines.add("function __" + program + "_in");
        lines.add("    set -l words (commandline -opc)");
        lines.add("    set -l verbs (string match -v -- '-*' $words[2..-1])");
        lines.add("    string match -q -- \"$argv *\" \"$verbs \"");
        lines.add("end");
        lines.add("complete -c " + program + " -f");
    }

    private void verb(String path, CommandLine verb) {
        String here = quoted("__" + program + "_at " + path);
        String below = path.isEmpty() ? here : quoted("__" + program + "_in " + path);
        verb.getSubcommands()
                .forEach((name, child) -> lines.add("complete -c " + program + " -n " + here + " -a " + name + " -d "
                        + quoted(firstLine(child.getCommandSpec().usageMessage().description()))));
        verb.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> lines.add(option(below, option)));
        verb.getSubcommands().forEach((name, child) -> verb((path + " " + name).strip(), child));
    }

    private String option(String condition, OptionSpec option) {
        StringBuilder line = new StringBuilder("complete -c " + program + " -n " + condition);
        Stream.of(option.names())
                .forEach(name ->
                        line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", "")));
        if (option.arity().max() > 0) {
            line.append(" -r");
            if (option.completionCandidates() != null) {
                line.append(" -a ").append(quoted(String.join(" ", option.completionCandidates())));
            } else if (java.nio.file.Path.class.isAssignableFrom(option.type())) {
                line.append(" -F");
            }
        }
        return line.append(" -d ")
                .append(quoted(firstLine(option.description())))
                .toString();
    }

    private static String firstLine(String... text) {
        return text.length == 0 ? "" : text[0].formatted().lines().findFirst().orElse("");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
    }
}
