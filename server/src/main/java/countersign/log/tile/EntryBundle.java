package countersign.log.tile;

import countersign.codec.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries as C2SP tlog-tiles strings them together: two bytes of length, big-endian, then the entry. Pure. */
public final class EntryBundle {
    /** The most bytes that an entry may have: its length is written in two bytes. */
    public static final int MAX_ENTRY = 65_535;

    private EntryBundle() {}

    /** The bytes of a bundle; refuses an entry of more than {@value #MAX_ENTRY} bytes. */
    public static byte[] encode(List<byte[]> entries) {
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
    public static Optional<List<byte[]>> decode(byte[] bundle) {
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
    public static Optional<byte[]> prefix(byte[] bundle, int width) {
        return decode(bundle)
                .filter(entries -> entries.size() >= width)
                .map(entries -> encode(entries.subList(0, width)));
    }

    private static void requireSize(byte[] entry) {
        if (entry.length > MAX_ENTRY) {
            throw new Refusal(
                    "entry-too-large", "a log entry has at most " + MAX_ENTRY + " bytes, this has " + entry.length);
        }
    }
}
