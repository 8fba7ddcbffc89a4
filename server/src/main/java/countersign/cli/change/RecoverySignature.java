package countersign.cli.change;

import countersign.cli.change.subject.ChangeName;
import countersign.cli.change.subject.ManifestText;
import countersign.cli.change.subject.RemoteChange;
import countersign.cli.console.ExitCode;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.cli.remote.SignedStatement;
import countersign.codec.Refusal;
import countersign.gate.recovery.RecoveryRules;
import countersign.gate.vote.Statement;
import countersign.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prepares the statement that an offline recovery key signs, and hands the signature in. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = {
            "Recover with offline recovery keys: open the recovery, prepare the statement, carry it to the key, hand it in.",
            "",
            "A recovery is a change with 'operation: recover'. It may touch access/** and the server's keys, and merges"
                    + " with the signatures of as many recovery keys as countersign.yaml demands, and no others.",
            "",
            "With --bad it names merges bad, by the numbers that 'countersign verify' and 'countersign history' print,"
                    + " and puts back every path that stands as they left it. Push to its branch what else it is to"
                    + " change in access/** and of the server's keys, before the keys sign."
        },
        footer = {
            "",
            "Example:",
            "  countersign change recover take-back --bad 12-14 --title 'Take back what a thief merged' \\",
            "    --reason 'A stolen key.'",
            "  countersign change recover new-people --recovery-key recovery.pub --out statement.json",
            "  ssh-keygen -Y sign -n vote@countersign.dev -f recovery statement.json  # on its machine",
            "  countersign change recover new-people --statement statement.json --signature statement.json.sig"
        })
final class RecoverySignature implements Callable<Integer> {
    private static final int MAX_FILE = 64 << 10;
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Parameters(paramLabel = "CHANGE", description = "Name of the change.")
    private String change;

    @Option(names = "--bad", paramLabel = "N[-M]", description = "Open it: these merges are bad, both ends included.")
    private @Nullable String bad;

    @Option(names = "--title", description = "With --bad: its title.")
    private @Nullable String title;

    @Option(names = "--recovery-key", paramLabel = "FILE", description = "Public half of the key that will sign.")
    private @Nullable Path recoveryKey;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the statement there.")
    private @Nullable Path out;

    @Option(names = "--reason", defaultValue = "", description = "Your words; they are signed and kept for ever.")
    private String reason;

    @Option(names = "--statement", paramLabel = "FILE", description = "The statement that was signed.")
    private @Nullable Path statement;

    @Option(names = "--signature", paramLabel = "FILE", description = "Its signature, as ssh-keygen wrote it.")
    private @Nullable Path signature;

    RecoverySignature(Shell shell) {
        connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        String name = ChangeName.parse(change);
        RemoteServer server = connection.open(output);
        if (bad != null && title != null) {
            open(server, name, bad, title);
        } else if (recoveryKey != null && out != null) {
            prepare(server, name, recoveryKey, out);
        } else if (statement != null && signature != null) {
            handIn(server, name, statement, signature);
        } else {
            throw new Refusal(
                    "missing-option",
                    "--bad and --title, to open, or --recovery-key and --out, to prepare, or --statement and --signature, to"
                            + " hand in",
                    "countersign change recover --help");
        }
        return ExitCode.DONE;
    }

    private void open(RemoteServer server, String name, String merges, String called) {
        Matcher range = RANGE.matcher(merges);
        if (!range.matches()) {
            throw new Refusal("recovery-range", "merges are named as 12 or 12-14, found: " + merges);
        }
        long from = Long.parseLong(range.group(1));
        long to = range.group(2) == null ? from : Long.parseLong(range.group(2));
        Map<String, Object> wish = Map.of("name", name, "title", called, "reason", reason, "from", from, "to", to);
        RemoteChange opened =
                RemoteChange.read(server.post("/recoveries", wish, Map.of()).json());
        output.print(
                opened.view(),
                List.of(
                        "opened " + opened.id() + " \"" + opened.title() + "\"",
                        "  state  " + opened.state(),
                        "Next: countersign change plan " + name + "; then countersign change recover " + name
                                + " --recovery-key <public key> --out statement.json"));
    }

    private void prepare(RemoteServer server, String name, Path key, Path file) {
        String fingerprint = NamedFile.publicKey(key).fingerprint();
        Manifest manifest = RemoteChange.manifest(server, name);
        RemoteChange remote = RemoteChange.get(server, name);
        Map<String, Object> wish =
                Map.of("decision", "approve", "role", RecoveryRules.ROLE, "reason", reason, "recoveryKey", fingerprint);
        byte[] text =
                server.post("/changes/" + name + "/statements", wish, Map.of()).bytes();
        Statement offered = Statement.parse(text);
        if (!offered.effect().equals(Statement.Effect.of(manifest, remote.title()))) {
            throw new Refusal(
                    "statement-not-asked-for",
                    "the server offers a statement about another effect than the manifest that it shows",
                    "don't sign, and ask who runs the server");
        }
        NamedFile.write(file, text);
        List<String> lines = new ArrayList<>();
        lines.add("approve " + offered.effect().change() + " \"" + remote.title() + "\" as " + offered.person());
        lines.addAll(ManifestText.lines(manifest));
        lines.add("Next, where the key is: ssh-keygen -Y sign -n " + Statement.NAMESPACE + " -f <private key> " + file);
        output.print(Map.of("statement", new String(text, StandardCharsets.UTF_8), "person", offered.person()), lines);
    }

    private void handIn(RemoteServer server, String name, Path text, Path armored) {
        RemoteServer.Answer answer = new SignedStatement(
                        NamedFile.get(text, MAX_FILE), NamedFile.get(armored, MAX_FILE))
                .handIn(server, "/changes/" + name + "/votes");
        output.print(
                answer.json(),
                List.of("signed by " + answer.fields().text("person") + ", log entry "
                        + answer.fields().integer("index")));
    }
}
