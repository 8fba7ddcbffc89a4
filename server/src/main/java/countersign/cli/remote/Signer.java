package countersign.cli.remote;

import countersign.codec.Refusal;
import countersign.gate.vote.Statement;
import countersign.signing.SshPrivateKey;
import countersign.signing.SshSignature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs statements with the key in a file. A plain OpenSSH private key is used here; with one that has a passphrase, that
 * sits on a security key, or that an agent holds (then the file is the public one), {@code ssh-keygen} signs and asks.
 */
final class Signer {
    private static final int MAX_KEY = 32 << 10;
    private static final int MAX_SIGNATURE = 16 << 10;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path key;

    Signer(Path key) {
        this.key = key;
    }

    /** The key that is named, or {@code COUNTERSIGN_KEY}, or Git's {@code user.signingKey}. */
    static Signer of(@Nullable Path named, Shell shell) {
        Path key = Optional.ofNullable(named)
                .or(() -> shell.variable("COUNTERSIGN_KEY").map(Path::of))
                .or(() -> new WorkingCopy(shell.folder())
                        .setting("user.signingKey")
                        .filter(setting -> setting.startsWith("/"))
                        .map(Path::of))
                .orElseThrow(() -> new Refusal(
                        "no-key",
                        "which key signs? There is no --key, no COUNTERSIGN_KEY, and no user.signingKey in Git",
                        "add --key ~/.ssh/id_ed25519"));
        if (!Files.isRegularFile(key)) {
            throw new Refusal("no-such-key-file", "there is no key file " + key);
        }
        return new Signer(key);
    }

    /** The armored signature, verified before it is handed out. */
    String sign(byte[] statement) {
        String armored = plainKey()
                .map(own -> own.sign(Statement.NAMESPACE, statement))
                .orElseGet(() -> askSshKeygen(statement));
        SshSignature.parse(armored).verify(Statement.NAMESPACE, statement);
        return armored;
    }

    private Optional<SshPrivateKey> plainKey() {
        try {
            byte[] bytes = Files.size(key) > MAX_KEY ? new byte[0] : Files.readAllBytes(key);
            return Optional.of(SshPrivateKey.readOpenSsh(bytes));
        } catch (Refusal notPlain) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + key, failed);
        }
    }

    private String askSshKeygen(byte[] statement) {
        try {
            Path folder = Files.createTempDirectory("countersign");
            Path file = folder.resolve("statement.json");
            Path signature = folder.resolve("statement.json.sig");
            try {
                Files.write(file, statement);
                requireSigned(Subprocess.runInteractively(folder, command(file), PATIENCE), signature);
                return Files.readString(signature, StandardCharsets.US_ASCII);
            } finally {
                Files.deleteIfExists(signature);
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot sign with ssh-keygen", failed);
        }
    }

    private List<String> command(Path file) {
        return List.of(
                "ssh-keygen",
                "-q",
                "-Y",
                "sign",
                "-n",
                Statement.NAMESPACE,
                "-f",
                key.toAbsolutePath().toString(),
                file.toString());
    }

    private void requireSigned(Subprocess.Result result, Path signature) throws IOException {
        if (result.code() != 0 || !Files.exists(signature) || Files.size(signature) > MAX_SIGNATURE) {
            throw new Refusal(
                    "signing-failed",
                    "ssh-keygen ended with " + result.code() + " and did not sign with " + key,
                    "for a key in an agent name its .pub file; for a new key type update OpenSSH");
        }
    }
}
