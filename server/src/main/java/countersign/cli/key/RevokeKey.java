package countersign.cli.key;

import countersign.cli.console.ExitCode;
import countersign.cli.console.NamedFile;
import countersign.cli.console.Output;
import countersign.cli.remote.Connection;
import countersign.cli.remote.RemoteServer;
import countersign.cli.remote.Shell;
import countersign.cli.remote.Signing;
import countersign.codec.Refusal;
import countersign.gate.key.Revocation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes a key of the user's own. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Revoke a key of your own, alone and at once: no gate counts it any more, now and for ever.",
            "",
            "Sign with any key of yours that is not revoked, the same one included. With --since the key is compromised"
                    + " from that log entry on: merges that needed its votes since then are tainted, and are applied"
                    + " nowhere. Without it the key is only retired. This can't be taken back."
        },
        footer = {
            "",
            "Example:",
            "  countersign key revoke lost.pub --reason 'Laptop stolen.' --since 4711 --key ~/.ssh/id_ed25519"
        })
final class RevokeKey implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Connection connection;

    @Mixin
    private final Signing signing;

    @Parameters(paramLabel = "KEY", description = "The key to revoke: file of the public key, or SHA256:<fingerprint>.")
    private String revoked;

    @Option(names = "--since", paramLabel = "INDEX", description = "Log entry from which the key is compromised.")
    private @Nullable Long since;

    @Option(names = "--reason", defaultValue = "", description = "Your words; they are signed and kept for ever.")
    private String reason;

    RevokeKey(Shell shell) {
        connection = new Connection(shell);
        signing = new Signing(shell);
    }

    @Override
    public Integer call() {
        String fingerprint = fingerprint();
        RemoteServer server = connection.open(output);
        byte[] text = server.post("/revocations/statements", wish(fingerprint), Map.of())
                .bytes();
        Revocation revocation = Revocation.parse(text);
        requireAsked(revocation, fingerprint);
        output.say(List.of(
                "revoke " + fingerprint + " of " + revocation.person() + ", "
                        + (since == null ? "retired" : "compromised since log entry " + since),
                "  reason        " + reason));
        if (signing.isDryRun()) {
            output.print(Map.of("key", fingerprint, "person", revocation.person()), List.of("nothing was signed"));
            return ExitCode.DONE;
        }
        RemoteServer.Answer answer = signing.sign(text).handIn(server, "/revocations");
        output.print(
                answer.json(),
                List.of("revoked " + fingerprint + ", log entry "
                        + answer.fields().integer("index")));
        return ExitCode.DONE;
    }

    private Map<String, Object> wish(String fingerprint) {
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("key", fingerprint);
        if (since != null) {
            wish.put("since", since);
        }
        wish.put("reason", reason);
        wish.put("client", "cli");
        return wish;
    }

    /** Refuses to sign anything but what was wished. */
    private void requireAsked(Revocation offered, String fingerprint) {
        boolean asked = offered.key().equals(fingerprint)
                && String.valueOf(offered.since()).equals(String.valueOf(since))
                && offered.reason().equals(reason);
        if (!asked) {
            throw new Refusal(
                    "statement-not-asked-for",
                    "the server offers to revoke " + offered.key() + " since " + offered.since() + ", you asked for "
                            + fingerprint + " since " + since,
                    "don't sign, and ask who runs the server");
        }
    }

    private String fingerprint() {
        if (revoked.startsWith("SHA256:")) {
            return revoked;
        }
        return NamedFile.publicKey(Path.of(revoked)).fingerprint();
    }
}
