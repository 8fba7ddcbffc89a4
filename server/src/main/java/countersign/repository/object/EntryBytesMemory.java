package countersign.repository.object;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of the trees that were used last, by their id, as far as they are worth it. Thread-safe: a lock guards what is
 * remembered, which has a bound in bytes.
 */
final class EntryBytesMemory {
    /** Trees with fewer entries are made anew as fast. */
    private static final int FEW = 16;

    private final long most;
    private final Map<String, EntryBytes> known = new LinkedHashMap<>(16, 0.75f, true);
    private long held;

    /** @param most how many bytes are held */
    EntryBytesMemory(long most) {
        this.most = most;
    }

    /** The bytes of a tree; those of the empty one if they are not remembered. */
    synchronized EntryBytes get(String treeId) {
        return known.getOrDefault(treeId, EntryBytes.NONE);
    }

    synchronized void put(String treeId, EntryBytes bytes) {
        if (bytes.entries().size() >= FEW && size(bytes) <= most && known.putIfAbsent(treeId, bytes) == null) {
            held += size(bytes);
            var eldest = known.entrySet().iterator();
            while (held > most) {
                held -= size(eldest.next().getValue());
                eldest.remove();
            }
        }
    }

    /** With the places in it; entries are shared. */
    private static long size(EntryBytes bytes) {
        return bytes.bytes().length + 8L * bytes.ends().length;
    }
}
