package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.cli.CountersignCommand;
import countersign.cli.console.Keyboard;
import countersign.cli.data.Program;
import countersign.codec.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody who stands in a folder and types commands, in this process. */
final class Terminal {
    private final Program program;
    private final Path folder;
    private final Map<String, String> variables;
    private final Keyboard keyboard;

    Terminal(Program program, Path folder, Map<String, String> variables) {
        this(program, folder, variables, new Sent(""));
    }

    private Terminal(Program program, Path folder, Map<String, String> variables, Keyboard keyboard) {
        this.program = program;
        this.folder = folder;
        this.variables = variables;
        this.keyboard = keyboard;
    }

    /** No terminal, but standard input. */
    private record Sent(String text) implements Keyboard {
        @Override
        public Optional<String> secret(String question) {
            return Optional.empty();
        }

        @Override
        public String firstLine() {
            return text.lines().findFirst().orElse("");
        }
    }

    /** Somebody who types at a terminal, to whom nothing is sent. */
    private record Typed(String text, List<String> questions) implements Keyboard {
        @Override
        public Optional<String> secret(String question) {
            questions.add(question);
            return Optional.of(text);
        }

        @Override
        public String firstLine() {
            return "";
        }
    }

    /** What a command said, and its exit code. */
    record Said(int code, String out, String err) {
        Said expect(int wanted) {
            assertThat(code).as(out + err).isEqualTo(wanted);
            return this;
        }

        /** A refusal by this rule. */
        Said refused(String rule) {
            assertThat(err).as(out).contains("refused: ").contains("[" + rule + "]");
            return expect(1);
        }

        Map<String, Object> json() {
            return Json.readObject("output", out.getBytes(StandardCharsets.UTF_8));
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> items(String member) {
            return (List<Map<String, Object>>) json().get(member);
        }
    }

    Terminal in(Path other) {
        return new Terminal(program, other, variables, keyboard);
    }

    Terminal with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Terminal(program, folder, more, keyboard);
    }

    /** The same with a text at standard input. */
    Terminal sending(String text) {
        return new Terminal(program, folder, variables, new Sent(text));
    }

    /** The same with somebody who types a secret when asked, whatever the question; they are put on a list. */
    Terminal typing(String secret, List<String> questions) {
        return new Terminal(program, folder, variables, new Typed(secret, questions));
    }

    Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CountersignCommand.Environment environment = new CountersignCommand.Environment(
                new PrintWriter(out), new PrintWriter(err), variables, folder, keyboard);
        int code = CountersignCommand.commandLine(program, Clock.systemUTC(), environment)
                .execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
