package countersign.data;

import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A key of 32 bytes in a file that its owner alone can read, as hexadecimal digits. */
public final class SecretFile {
    private static final int BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    private SecretFile() {}

    /** Reads the key; draws one where there is none. A Refusal {@code malformed-key-file} if it is something else. */
    public static byte[] readOrDraw(Path file, SecureRandom random) {
        try {
            if (!Files.exists(file)) {
                draw(file, random);
            }
            String text =
                    Files.size(file) > 4 * BYTES ? "" : Files.readString(file).strip();
            if (!FORM.matcher(text).matches()) {
                throw new Refusal(
                        "malformed-key-file", file + " is no key of 64 hexadecimal digits", "restore it from a backup");
            }
            return HexFormat.of().parseHex(text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whole or not at all. */
    private static void draw(Path file, SecureRandom random) throws IOException {
        byte[] drawn = new byte[BYTES];
        random.nextBytes(drawn);
        Path made = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(made);
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] text = (HexFormat.of().formatHex(drawn) + "\n").getBytes(StandardCharsets.US_ASCII);
        Files.write(made, text, StandardOpenOption.SYNC);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
