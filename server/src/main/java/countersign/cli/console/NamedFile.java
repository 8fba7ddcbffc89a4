package countersign.cli.console;

import countersign.codec.Refusal;
import countersign.signing.SshPublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files that somebody names on the command line. */
public final class NamedFile {
    private static final int MAX_KEY = 16 << 10;

    private NamedFile() {}

    /** The text of a plain file of at most so many bytes. */
    public static Optional<String> find(Path file, int maxBytes) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= maxBytes
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
    }

    /** The text of a plain file, or a Refusal {@code no-such-file}. */
    public static String get(Path file, int maxBytes) {
        return find(file, maxBytes)
                .orElseThrow(() ->
                        new Refusal("no-such-file", "there is no file " + file + " of at most " + maxBytes + " bytes"));
    }

    /** The public key in a file, or a Refusal {@code no-such-key-file}. */
    public static SshPublicKey publicKey(Path file) {
        String line = find(file, MAX_KEY)
                .orElseThrow(() -> new Refusal("no-such-key-file", file + " is not the file of an SSH public key"));
        return SshPublicKey.parse(line.strip());
    }

    /** Writes a file, in the place of one that stands there. */
    public static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
    }
}
