package countersign.cli;

import countersign.cli.change.ChangeCommand;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.Keyboard;
import countersign.cli.console.Output;
import countersign.cli.data.DataVerbs;
import countersign.cli.data.Program;
import countersign.cli.event.ActivityCommand;
import countersign.cli.event.WatchCommand;
import countersign.cli.event.WebhookCommand;
import countersign.cli.folder.PolicyCommand;
import countersign.cli.folder.ValidateCommand;
import countersign.cli.history.HistoryCommand;
import countersign.cli.key.KeyCommand;
import countersign.cli.remote.Shell;
import countersign.cli.session.LoginCommand;
import countersign.cli.session.LogoutCommand;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.gate.stop.StopOrder;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

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
    private static final int WIDTH = 100;

    /** The verb that has to know all others. */
    private static final String COMPLETION = "completion";

    private CountersignCommand() {}

    /** The command line over a program; its output goes to the writers. */
    public static CommandLine commandLine(Program program, InstantSource clock, Environment environment) {
        return commandLine(program, clock, environment, List.of());
    }

    /** The command line for these arguments: if they begin with a verb that needs no others, it has no others. */
    public static CommandLine commandLine(
            Program program, InstantSource clock, Environment environment, List<String> arguments) {
        Shell shell = new Shell(
                environment.variables(), environment.folder(), clock, environment.keyboard(), program::openClone);
        CommandLine line = new CommandLine(new CountersignCommand());
        Map<String, Supplier<Object>> verbs = verbs(program, shell);
        Set<String> wanted = arguments.stream().limit(1).collect(Collectors.toSet());
        wanted.retainAll(verbs.keySet());
        wanted.remove(COMPLETION);
        verbs.forEach((verb, maker) -> {
            if (wanted.isEmpty() || wanted.contains(verb)) {
                line.addSubcommand(verb, maker.get());
            }
        });
        line.setOut(environment.out());
        line.setErr(environment.err());
        line.setCommandName("countersign");
        line.setUsageHelpWidth(WIDTH);
        line.setExecutionExceptionHandler((failure, command, all) ->
                explain(failure, command, command.getParseResult().hasMatchedOption("--json")));
        equip(line, "countersign " + program.version());
        line.registerConverter(Duration.class, CountersignCommand::duration);
        return line;
    }

    /**
     * Where the program's words go, and what it is told by the shell.
     *
     * @param folder the folder the user stands in
     * @param keyboard where secrets are typed
     */
    public record Environment(
            PrintWriter out, PrintWriter err, Map<String, String> variables, Path folder, Keyboard keyboard) {
        /** In the folder that the process was started in, and at its keyboard. */
        public Environment(PrintWriter out, PrintWriter err, Map<String, String> variables) {
            this(out, err, variables, Path.of("").toAbsolutePath(), Keyboard.ofProcess());
        }
    }

    /** Every verb in the order of the help. Making one is slow, so only those that are needed are made. */
    private static Map<String, Supplier<Object>> verbs(Program program, Shell shell) {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>(DataVerbs.of(program, shell));
        verbs.put("verify", () -> new VerifyCommand(program));
        verbs.put("validate", ValidateCommand::new);
        verbs.put("schema", SchemaCommand::new);
        verbs.put("policy", () -> PolicyCommand.commandLine(program::openClone));
        verbs.put("login", () -> new LoginCommand(shell));
        verbs.put("logout", () -> new LogoutCommand(shell));
        verbs.put("change", () -> ChangeCommand.commandLine(shell));
        verbs.put("watch", () -> new WatchCommand(shell));
        verbs.put("activity", () -> ActivityCommand.commandLine(shell));
        verbs.put("webhook", () -> WebhookCommand.commandLine(shell));
        verbs.put("stop", () -> StopCommand.commandLine(StopOrder.Decision.STOP, shell));
        verbs.put("resume", () -> StopCommand.commandLine(StopOrder.Decision.RESUME, shell));
        verbs.put("key", () -> KeyCommand.commandLine(shell));
        verbs.put("history", () -> HistoryCommand.commandLine(shell));
        verbs.put("waiver", () -> WaiverCommand.commandLine(shell));
        verbs.put("calendar", () -> CalendarCommand.commandLine(shell));
        verbs.put("log", () -> LogCommand.commandLine(shell));
        verbs.put("allowed-signers", () -> new AllowedSignersCommand(shell));
        verbs.put(COMPLETION, CompletionCommand::new);
        return verbs;
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new TypeConversionException("'" + text + "' is no ISO 8601 duration such as P30D or PT12H");
        }
    }

    private static void equip(CommandLine line, String version) {
        line.getCommandSpec().version(version).exitCodeOnExecutionException(ExitCode.ENVIRONMENT);
        line.getSubcommands().values().forEach(verb -> equip(verb, version));
    }

    /** What went wrong, on the error stream: lines, or one JSON object if the verb was asked for JSON. */
    private static int explain(Exception failure, CommandLine command, boolean json) throws Exception {
        if (failure instanceof Refusal refusal) {
            if (json) {
                complain(command, Json.writePretty(Map.of("refused", Findings.views(refusal.findings()))));
            } else {
                refusal.findings().forEach(finding -> complain(command, "refused: " + finding));
            }
            return ExitCode.REFUSED;
        }
        if (failure instanceof UncheckedIOException environment) {
            String message = environment.getMessage();
            complain(command, json ? Json.writePretty(Map.of("failed", message)) : "failed: " + message);
            return ExitCode.ENVIRONMENT;
        }
        throw failure;
    }

    private static void complain(CommandLine command, String text) {
        text.lines().map(Output::visible).forEach(command.getErr()::println);
        command.getErr().flush();
    }
}
