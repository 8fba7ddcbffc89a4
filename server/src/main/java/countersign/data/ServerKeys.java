package countersign.data;

import countersign.codec.Refusal;
import countersign.log.LogSigners;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.signing.SshPrivateKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of a server, in files that its owner alone can read: {@code server} signs merges and receipts (an OpenSSH
 * private key), {@code log} signs checkpoints and {@code clock} their time (signed-note private keys). {@code log.next} is
 * there while the log's key is replaced, and signs checkpoints too.
 *
 * @param server signs merge commits and receipts
 * @param log signs checkpoints
 * @param clock cosigns checkpoints with the time
 * @param next signs checkpoints beside {@code log} while that is replaced
 */
public record ServerKeys(SshPrivateKey server, NoteSigner log, NoteSigner clock, Optional<NoteSigner> next) {
    private static final String LOG = "log";
    private static final String NEXT = "log.next";
    private static final int MAX_BYTES = 16 << 10;

    public static ServerKeys generate(String origin, SecureRandom random) {
        return new ServerKeys(
                SshPrivateKey.generate(random),
                NoteSigner.generate(origin, NoteKey.Algorithm.ED25519, random),
                NoteSigner.generate(origin + "/clock", NoteKey.Algorithm.COSIGNATURE, random),
                Optional.empty());
    }

    /** Reads the keys of a folder; a Refusal {@code server-key-missing} without them: the server never starts unsigned. */
    public static ServerKeys read(Path folder) {
        Path next = folder.resolve(NEXT);
        return new ServerKeys(
                SshPrivateKey.readOpenSsh(bytes(folder.resolve("server"))),
                NoteSigner.parse(text(folder.resolve(LOG))),
                NoteSigner.parse(text(folder.resolve("clock"))),
                Files.exists(next) ? Optional.of(NoteSigner.parse(text(next))) : Optional.empty());
    }

    /** Writes the keys into a new folder. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            writePrivate(folder.resolve("server"), server.writeOpenSsh("countersign server"));
            writePrivate(folder.resolve(LOG), log.privateText() + "\n");
            writePrivate(folder.resolve("clock"), clock.privateText() + "\n");
            Files.writeString(folder.resolve("server.pub"), server.publicKey().line() + " countersign server\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public LogSigners signers() {
        List<NoteSigner> signers = Stream.of(Optional.of(log), next, Optional.of(clock))
                .flatMap(Optional::stream)
                .toList();
        return new LogSigners(log.key().name(), signers);
    }

    /** Writes the log's next key; a Refusal {@code log-key-exists} if there is one already. */
    static void writeNextLogKey(Path folder, NoteSigner next) {
        try {
            writePrivate(folder.resolve(NEXT), next.privateText() + "\n");
        } catch (FileAlreadyExistsException exists) {
            throw new Refusal(
                    "log-key-exists",
                    "the log's key is being replaced already",
                    "finish that with countersign log-key use");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Puts the log's next key in the place of its present one, which is gone then. */
    static void replaceLogKey(Path folder) {
        try {
            Files.move(folder.resolve(NEXT), folder.resolve(LOG), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void writePrivate(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.SYNC);
    }

    private static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8).strip();
    }

    private static byte[] bytes(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw new Refusal(
                        "server-key-missing",
                        "the server has no key at " + file + "; it never runs without signing what it does",
                        "restore the file from your backup of the keys folder");
            }
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
