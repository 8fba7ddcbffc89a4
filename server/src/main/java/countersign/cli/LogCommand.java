package countersign.cli;

import countersign.access.RepositorySettings;
import countersign.cli.console.ExitCode;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.OwnClone;
import countersign.cli.remote.Question;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.LogTrust;
import countersign.log.copy.LogProof;
import countersign.merge.clone.CloneReview;
import countersign.repository.Repository;
import countersign.signing.SignedNote;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs about the record log. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Read the record log of a server: what was signed, merged and applied, in order, for ever.",
        footer = {"", "Example:", "  countersign log entries --from 0"})
final class LogCommand {
    private LogCommand() {}

    static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new LogCommand());
        line.addSubcommand(new ShowCheckpoint(shell));
        line.addSubcommand(new Entries(shell));
        line.addSubcommand(new Proof(shell));
        return line;
    }

    /** Prints the checkpoint. */
    @Command(
            name = "checkpoint",
            mixinStandardHelpOptions = true,
            description = {
                "Print the log's signed checkpoint.",
                "",
                "Keep it: whoever has an old checkpoint can prove that a later log forgets or rewrites nothing."
            },
            footer = {"", "Example:", "  countersign log checkpoint > checkpoint-$(date +%%F)"})
    static final class ShowCheckpoint implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        ShowCheckpoint(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            String note = connection.open(output).get("/log/checkpoint").text();
            Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
            if (output.json()) {
                Map<String, Object> view = new LinkedHashMap<>();
                view.put("origin", checkpoint.origin());
                view.put("size", checkpoint.size());
                view.put("root", checkpoint.root().hex());
                view.put("note", note);
                output.print(view, List.of());
            } else {
                output.raw(note);
            }
            return ExitCode.DONE;
        }
    }

    /** Prints entries. */
    @Command(
            name = "entries",
            mixinStandardHelpOptions = true,
            description = "List entries of the log: index, time, type, and the canonical JSON that the log hashes.",
            footer = {"", "Example:", "  countersign log entries --from 100 --limit 20"})
    static final class Entries implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Option(names = "--from", defaultValue = "0", description = "Index of the first. Default: ${DEFAULT-VALUE}.")
        private long from;

        @Option(
                names = "--limit",
                defaultValue = "100",
                description = "At most so many, up to 100. Default: ${DEFAULT-VALUE}.")
        private int limit;

        Entries(Shell shell) {
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            Question question = new Question("/log/entries").with("from", from).with("limit", limit);
            return connection.show(output, question, Entries::lines);
        }

        private static List<String> lines(Fields page) {
            List<String> lines = new ArrayList<>();
            page.objectList("items")
                    .forEach(entry -> lines.add(entry.integer("index") + "  " + entry.text("time") + "  "
                            + entry.text("type") + "  " + entry.text("text")));
            if (page.has("next")) {
                lines.add("more: --from " + page.integer("next"));
            }
            return lines;
        }
    }

    /** Fetches the proof of an entry. */
    @Command(
            name = "proof",
            mixinStandardHelpOptions = true,
            description = {
                "Fetch the proof that an entry is in the log (C2SP tlog-proof), for keeping beside it.",
                "",
                "With a clone of your own (--clone, or standing in it) the proof is verified by the log keys in there."
            },
            footer = {"", "Example:", "  countersign log proof 12 --entry entry-12.json --out entry-12.tlog-proof"})
    static final class Proof implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        private final Output output = new Output();

        @Mixin
        private final Connection connection;

        @Mixin
        private final OwnClone ownClone = new OwnClone();

        @Parameters(paramLabel = "INDEX", description = "Index of the entry.")
        private long index;

        @Option(names = "--out", paramLabel = "FILE", description = "Write the proof there. Default: print it.")
        private @Nullable Path out;

        @Option(names = "--entry", paramLabel = "FILE", description = "Write the entry's own bytes there.")
        private @Nullable Path entryFile;

        Proof(Shell shell) {
            this.shell = shell;
            connection = new Connection(shell);
        }

        @Override
        public Integer call() {
            RemoteServer server = connection.open(output);
            byte[] proof = server.get("/log/proof/" + index).bytes();
            byte[] entry = entry(server);
            boolean verified = ownClone.find(shell, server)
                    .map(folder -> verify(folder, proof, entry))
                    .orElse(false);
            write(entryFile, entry);
            write(out, proof);
            String text = new String(proof, StandardCharsets.UTF_8);
            if (output.json()) {
                output.print(Map.of("index", index, "verified", verified, "proof", text), List.of());
            } else if (out == null) {
                output.raw(text);
            } else {
                output.say(List.of("wrote " + out + (verified ? ", verified by the keys in your clone" : "")));
            }
            return ExitCode.DONE;
        }

        private byte[] entry(RemoteServer server) {
            List<Fields> items = server.get("/log/entries?from=" + index + "&limit=1")
                    .fields()
                    .objectList("items");
            if (items.isEmpty()) {
                throw new Refusal("no-such-entry", "the log has no entry " + index);
            }
            return items.get(0).text("text").getBytes(StandardCharsets.UTF_8);
        }

        private boolean verify(Path folder, byte[] proof, byte[] entry) {
            try (Repository clone = shell.clones().apply(folder)) {
                RepositorySettings settings = new CloneReview(clone).trust().settings();
                LogTrust trust =
                        new LogTrust(settings.origin(), settings.logKeys(), settings.cosigners(), settings.witnesses());
                LogProof read = LogProof.parse(proof);
                if (read.index() != index) {
                    throw new Refusal(
                            "entry-not-in-log", "the server proves the entry " + read.index() + ", not " + index);
                }
                read.verify(entry, trust);
                return true;
            }
        }

        private static void write(@Nullable Path file, byte[] bytes) {
            if (file != null) {
                NamedFile.write(file, bytes);
            }
        }
    }
}
