package countersign.cli;

import countersign.codec.Finding;
import countersign.codec.Json;
import countersign.codec.Refusal;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: which verbs there are, how refusals are shown, and what the exit codes mean. */
@Command(
        name = "countersign",
        mixinStandardHelpOptions = true,
        description = "Change management on Git where people sign the exact effect of a change.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, and everything that was checked is good",
            "1:refused, or a check found something wrong",
            "2:the command line is wrong",
            "3:the environment failed: disk, network, another process"
        },
        footer = {"", "Start with: countersign init --help"})
public final class CountersignCommand {
    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int ENVIRONMENT = 3;

    private CountersignCommand() {}

    /** The command line over a program; its output goes to the writers. */
    public static CommandLine commandLine(Program program, InstantSource clock, Environment environment) {
        CommandLine line = new CommandLine(new CountersignCommand());
        line.addSubcommand("init", new InitCommand(program));
        line.addSubcommand("serve", new ServeCommand(program));
        line.addSubcommand("token", TokenCommand.commandLine(program));
        line.addSubcommand("verify", new VerifyCommand(program));
        line.setOut(environment.out());
        line.setErr(environment.err());
        line.setCommandName("countersign");
        line.getCommandSpec().usageMessage().width(100);
        line.setExecutionExceptionHandler((failure, command, result) -> explain(failure, command));
        return line;
    }

    /** Where the program's words go, and what it is told by the shell. */
    public record Environment(PrintWriter out, PrintWriter err, Map<String, String> variables) {}

    private static int explain(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof Refusal refusal) {
            refusal.findings().forEach(finding -> command.getErr().println("refused: " + finding));
            command.getErr().flush();
            return REFUSED;
        }
        if (failure instanceof UncheckedIOException environment) {
            command.getErr().println("failed: " + environment.getMessage());
            command.getErr().flush();
            return ENVIRONMENT;
        }
        throw failure;
    }

    /** A finding as JSON output shows it. */
    static Map<String, @Nullable Object> view(Finding finding) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("rule", finding.rule());
        view.put("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT));
        view.put("message", finding.message());
        view.put("place", finding.place() == null ? null : finding.place().toString());
        view.put("pointer", finding.place() == null ? null : finding.place().pointer());
        view.put("wayOut", finding.wayOut());
        return view;
    }

    static void printJson(CommandLine command, Object value) {
        command.getOut().println(Json.writePretty(value));
        command.getOut().flush();
    }

    static void print(CommandLine command, List<String> lines) {
        lines.forEach(command.getOut()::println);
        command.getOut().flush();
    }
}
