package countersign;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.cli.CountersignCommand;
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

/** Somebody who stands in a folder and types commands, in this process. */
final class Terminal {
    private final Program program;
    private final Path folder;
    private final Map<String, String> variables;

    Terminal(Program program, Path folder, Map<String, String> variables) {
        this.program = program;
        this.folder = folder;
        this.variables = variables;
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
        return new Terminal(program, other, variables);
    }

    Terminal with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Terminal(program, folder, more);
    }

    Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CountersignCommand.Environment environment =
                new CountersignCommand.Environment(new PrintWriter(out), new PrintWriter(err), variables, folder);
        int code = CountersignCommand.commandLine(program, Clock.systemUTC(), environment)
                .execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
