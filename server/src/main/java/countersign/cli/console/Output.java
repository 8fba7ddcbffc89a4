package countersign.cli.console;

import countersign.codec.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where a verb writes: lines for people, or one JSON value. Lines show characters that a terminal would obey as escapes,
 * because much of what is printed was written by others.
 */
public final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** The result: the value if JSON was asked for, else the lines. */
    public void print(@Nullable Object value, List<String> lines) {
        if (json) {
            printJson(value);
        } else {
            say(lines);
        }
    }

    /** Lines that are no result; nothing if JSON was asked for. */
    public void say(List<String> lines) {
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            lines.stream().flatMap(String::lines).map(Output::visible).forEach(out::println);
            out.flush();
        }
    }

    /** A text as it is, byte for byte: a file that goes through a pipe. */
    public void raw(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    /** A remark beside the result. */
    public void warn(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(visible(line));
        err.flush();
    }

    public boolean json() {
        return json;
    }

    /** A value as JSON, whatever was asked for. */
    public void printJson(@Nullable Object value) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Json.writePretty(value));
        out.flush();
    }

    /** A line without anything that a terminal would take for an order. */
    public static String visible(String line) {
        return line.codePoints().mapToObj(Output::visible).collect(Collectors.joining());
    }

    private static String visible(int point) {
        int type = Character.getType(point);
        boolean hidden = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
        return hidden && point != '\t' ? String.format("\\u{%x}", point) : Character.toString(point);
    }
}
