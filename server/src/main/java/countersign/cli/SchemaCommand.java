package countersign.cli;

import countersign.cli.console.ExitCode;
import countersign.cli.console.Output;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.document.Kind;
import countersign.document.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the JSON Schema of a kind. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Print the JSON Schema (2020-12) of a kind; without a kind, list the kinds and where they stand.",
            "",
            "A server serves the same at /schemas/v1/<Kind>.json, for editors:",
            "  # yaml-language-server: $$schema=https://countersign.example.org/schemas/v1/SystemConfig.json"
        },
        footer = {"", "Example:", "  countersign schema SystemConfig > SystemConfig.json"})
final class SchemaCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "KIND", arity = "0..1", description = "The kind, for example SystemConfig.")
    private @Nullable String kind;

    @Override
    public Integer call() {
        String wanted = kind;
        if (wanted == null) {
            List<String> lines = new ArrayList<>();
            Arrays.stream(Kind.values())
                    .forEach(one -> lines.add(String.format("%-22s  %s", one.label(), one.folder())));
            output.print(Arrays.stream(Kind.values()).map(Kind::label).toList(), lines);
            return ExitCode.DONE;
        }
        Kind found = Kind.find(wanted)
                .orElseThrow(() -> new Refusal(
                        "no-such-schema", "there is no kind " + wanted, "countersign schema lists the kinds"));
        byte[] schema = Schemas.published(found);
        if (output.json()) {
            output.print(Json.readObject(wanted, schema), List.of());
        } else {
            output.raw(new String(schema, StandardCharsets.UTF_8));
        }
        return ExitCode.DONE;
    }
}
