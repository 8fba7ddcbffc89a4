package countersign.log.journal;

import countersign.log.tile.EntryBundle;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads the records of a journal one after the other. Not thread-safe. */
final class JournalReader implements Closeable {
    static final int RECORD_HEADER = 8;
    private static final int READ_AHEAD = 1 << 16;

    private final DataInputStream input;
    private final long length;
    private long position;
    private long index;

    /** Begins at a record: at {@code position}, whose first entry has the {@code index}. */
    JournalReader(Path file, long position, long index) throws IOException {
        this.length = Files.size(file);
        this.input = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), READ_AHEAD));
        this.position = position;
        this.index = index;
        try {
            input.skipNBytes(position);
        } catch (IOException cut) {
            input.close();
            throw cut;
        }
    }

    /** Where the next record begins. */
    long position() {
        return position;
    }

    /** The index of the next record's first entry. */
    long index() {
        return index;
    }

    /** The entries of the next record; empty if there is none, or none that is whole. */
    Optional<List<byte[]>> next() throws IOException {
        if (length - position < RECORD_HEADER) {
            return Optional.empty();
        }
        int bodyLength = input.readInt();
        int checksum = input.readInt();
        if (bodyLength < Short.BYTES
                || bodyLength > Journal.MAX_BODY
                || bodyLength > length - position - RECORD_HEADER) {
            return Optional.empty();
        }
        byte[] body = input.readNBytes(bodyLength);
        Optional<List<byte[]>> entries =
                checksum == checksum(index, body) ? EntryBundle.decode(body) : Optional.empty();
        if (entries.isPresent()) {
            position += RECORD_HEADER + bodyLength;
            index += entries.get().size();
        }
        return entries;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** CRC-32C of a record whose first entry has the index. */
    static int checksum(long index, byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(index)
                .putInt(body.length)
                .flip());
        checksum.update(body);
        return (int) checksum.getValue();
    }
}
