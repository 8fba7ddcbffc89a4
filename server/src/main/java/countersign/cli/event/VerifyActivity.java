package countersign.cli.event;

import countersign.activity.ActivityAudit;
import countersign.activity.Segment;
import countersign.cli.console.ExitCode;
import countersign.cli.console.Findings;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.Question;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.tile.TileSource;
import countersign.signing.NoteKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verifies the whole activity log, and remembers it for the next time. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Read every entry of the activity log and verify that none was altered, left out or added in between.",
            "",
            "With --remember, the next run also finds what was taken off the end, or a log that was made anew: keep the"
                    + " file where the server can't write."
        },
        footer = {"", "Example:", "  countersign activity verify --remember activity.json"})
final class VerifyActivity implements Callable<Integer> {
    private static final int MAX_FILE = 1 << 20;
    private static final String PATH = "/activity/segments";

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Option(
            names = "--log-key",
            paramLabel = "VKEY",
            description = "The key that must have signed. Default: the remembered one, or what the server says.")
    private @Nullable String logKey;

    @Option(
            names = "--remember",
            paramLabel = "FILE",
            description = "Begin where this file says, if it is there, and write what was verified into it.")
    private @Nullable Path remember;

    VerifyActivity(Shell shell) {
        connection = new Connection(shell);
    }

    /** What an earlier run verified. */
    private record Memory(Optional<String> key, Map<String, Checkpoint> checkpoints) {
        static Memory read(@Nullable Path file) {
            if (file == null || !Files.exists(file)) {
                return new Memory(Optional.empty(), Map.of());
            }
            String text = NamedFile.find(file, MAX_FILE)
                    .orElseThrow(() -> new Refusal("no-such-file", file + " is no file of a few kilobytes"));
            Fields fields =
                    Fields.of("memory", Json.readObject(file.toString(), text.getBytes(StandardCharsets.UTF_8)));
            Map<String, Checkpoint> checkpoints = new LinkedHashMap<>();
            fields.texts("checkpoints").forEach((segment, head) -> checkpoints.put(segment, Checkpoint.parse(head)));
            return new Memory(Optional.of(fields.text("key")), checkpoints);
        }

        static void write(Path file, String key, List<ActivityAudit.Line> lines) {
            Map<String, String> checkpoints = new LinkedHashMap<>();
            lines.forEach(line -> {
                Checkpoint head = line.head();
                if (head != null) {
                    checkpoints.put(line.segment().toString(), head.text());
                }
            });
            try {
                Files.writeString(file, Json.writePretty(Map.of("key", key, "checkpoints", checkpoints)) + "\n");
            } catch (IOException failed) {
                throw new UncheckedIOException("cannot write " + file, failed);
            }
        }
    }

    @Override
    public Integer call() {
        RemoteServer server = connection.open(output);
        Memory memory = Memory.read(remember);
        Fields parts = server.get(PATH).fields();
        String key = Optional.ofNullable(logKey).or(memory::key).orElseGet(() -> parts.text("key"));
        NoteKey trusted = NoteKey.parse(key);
        Map<Segment, Boolean> kept = new LinkedHashMap<>();
        parts.objectList("items").forEach(part -> kept.put(Segment.parse(part.text("segment")), part.flag("kept")));
        List<ActivityAudit.Line> lines = new ActivityAudit(trusted.name(), trusted, memory.checkpoints())
                .verify(kept, segment -> new RemoteTiles(server, segment));
        boolean good = lines.stream().allMatch(ActivityAudit.Line::good);
        if (good && remember != null) {
            Memory.write(remember, key, lines);
        }
        output.print(
                Map.of(
                        "good",
                        good,
                        "key",
                        key,
                        "items",
                        lines.stream().map(VerifyActivity::view).toList()),
                lines.stream().map(VerifyActivity::line).toList());
        return good ? ExitCode.DONE : ExitCode.REFUSED;
    }

    /** The files of a segment at the server. */
    private record RemoteTiles(RemoteServer server, Segment segment) implements TileSource {
        @Override
        public Optional<byte[]> read(String path) {
            try {
                return Optional.of(
                        server.get(Question.below(PATH + "/" + segment, path).toString())
                                .bytes());
            } catch (Refusal refusal) {
                if (refusal.rule().equals("no-such-tile")) {
                    return Optional.empty();
                }
                throw refusal;
            }
        }
    }

    private static Map<String, @Nullable Object> view(ActivityAudit.Line line) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        Refusal problem = line.problem();
        view.put("segment", line.segment().toString());
        view.put("good", line.good());
        view.put("entries", line.entries());
        view.put("problem", problem == null ? null : Findings.views(problem.findings()));
        return view;
    }

    private static String line(ActivityAudit.Line line) {
        Refusal problem = line.problem();
        if (problem != null) {
            return "BAD   " + line.segment() + "  " + problem.findings().get(0);
        }
        Checkpoint head = line.head();
        return line.entries() > 0
                ? "good  " + line.segment() + "  " + line.entries() + " entries"
                : "good  " + line.segment() + "  dropped in time; it had " + (head == null ? 0 : head.size())
                        + " entries";
    }
}
