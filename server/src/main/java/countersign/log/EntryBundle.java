package countersign.log;

import countersign.codec.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries as C2SP tlog-tiles strings them together: two bytes of length, big-endian, then the entry. Pure. */
final class EntryBundle {
    private EntryBundle() {}

    /** The bytes of a bundle; refuses an entry of more than {@value LogEntry#MAX_BYTES} bytes. */
    static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            requireSize(entry);
            bundle.write(entry.length >>> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /** The entries, if the bytes are a whole number of them. */
    static Optional<List<byte[]>> decode(byte[] bundle) {
        List<byte[]> entries = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(bundle);
        while (rest.remaining() >= Short.BYTES) {
            int length = Short.toUnsignedInt(rest.getShort());
            if (length > rest.remaining()) {
                return Optional.empty();
            }
            byte[] entry = new byte[length];
            rest.get(entry);
            entries.add(entry);
        }
        return rest.hasRemaining() ? Optional.empty() : Optional.of(entries);
    }

    /** The bundle of the first {@code width} entries, if there are as many. */
    static Optional<byte[]> prefix(byte[] bundle, int width) {
        return decode(bundle)
                .filter(entries -> entries.size() >= width)
                .map(entries -> encode(entries.subList(0, width)));
    }

    private static void requireSize(byte[] entry) {
        if (entry.length > LogEntry.MAX_BYTES) {
            throw new Refusal(
                    "entry-too-large",
                    "a log entry has at most " + LogEntry.MAX_BYTES + " bytes, this has " + entry.length);
        }
    }
}
