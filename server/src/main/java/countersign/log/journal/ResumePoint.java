package countersign.log.journal;

import countersign.codec.Sha256;
import countersign.log.tile.TilePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * From where a log can be opened: the entries before were found whole, and full tiles hold them. Kept in a file beside
 * the journal: 16 bytes {@code countersign.res1}, size, position and index as eight bytes each, 32 bytes of root, four
 * bytes CRC-32C of all that. Numbers are big-endian. The file may be deleted; then all of the journal is read.
 *
 * @param size how many entries there are before it; a multiple of {@link TilePath#FULL}
 * @param start the record with the next entry
 * @param root Merkle root over the entries before
 */
public record ResumePoint(long size, Journal.Start start, Sha256 root) {
    /** A point is worth keeping when it is so many entries behind the last. */
    public static final int STEP = 4 * TilePath.FULL;

    private static final byte[] MAGIC = "countersign.res1".getBytes(StandardCharsets.US_ASCII);
    private static final int BODY = 16 + 3 * Long.BYTES + 32;
    private static final int LENGTH = BODY + Integer.BYTES;

    /** The file of a journal. */
    public static Path file(Path journal) {
        return journal.resolveSibling(journal.getFileName() + ".resume");
    }

    /** What was kept; empty if nothing was, or nothing that is whole. */
    public static Optional<ResumePoint> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(LENGTH + 1));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
    }

    /** Puts the point in place of what was kept; it is on the disk when this returns. */
    public void write(Path file) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes()));
            channel.force(true);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
    }

    private byte[] bytes() {
        byte[] body = ByteBuffer.allocate(BODY)
                .put(MAGIC)
                .putLong(size)
                .putLong(start.position())
                .putLong(start.index())
                .put(root.bytes())
                .array();
        return ByteBuffer.allocate(LENGTH).put(body).putInt(checksum(body)).array();
    }

    private static Optional<ResumePoint> parse(byte[] bytes) {
        byte[] body = Arrays.copyOf(bytes, BODY);
        if (bytes.length != LENGTH || ByteBuffer.wrap(bytes).getInt(BODY) != checksum(body)) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(body).position(MAGIC.length);
        ResumePoint point = new ResumePoint(
                fields.getLong(),
                new Journal.Start(fields.getLong(), fields.getLong()),
                Sha256.ofDigest(Arrays.copyOfRange(body, BODY - 32, BODY)));
        return Arrays.equals(Arrays.copyOf(body, MAGIC.length), MAGIC) && point.isPlausible()
                ? Optional.of(point)
                : Optional.empty();
    }

    private boolean isPlausible() {
        return size > 0
                && size % TilePath.FULL == 0
                && start.index() <= size
                && start.position() >= Journal.Start.BEGINNING.position();
    }

    private static int checksum(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body);
        return (int) checksum.getValue();
    }
}
