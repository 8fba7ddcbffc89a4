package countersign.git.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.object.ObjectStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.lib.ObjectInserter;

/**
 * The objects of a clone that is only read, and over them those that are computed from it: they stay in memory.
 * Thread-safe.
 */
public final class ComputedObjects implements ObjectStore {
    private final ObjectStore clone;
    private final Map<String, byte[]> computed = new ConcurrentHashMap<>();

    public ComputedObjects(ObjectStore clone) {
        this.clone = clone;
    }

    @Override
    public Optional<byte[]> find(Type type, String id, int maxBytes) {
        byte[] bytes = computed.get(type.word() + id);
        if (bytes == null) {
            return clone.find(type, id, maxBytes);
        }
        if (bytes.length > maxBytes) {
            throw new Refusal("too-large", "at most " + maxBytes + " bytes are read, " + id + " has " + bytes.length);
        }
        return Optional.of(bytes.clone());
    }

    @Override
    public boolean holds(Type type, String id) {
        return computed.containsKey(type.word() + id) || clone.holds(type, id);
    }

    @Override
    public String put(Type type, byte[] bytes) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            String id = formatter.idFor(GitObjects.code(type), bytes).name();
            computed.putIfAbsent(type.word() + id, bytes.clone());
            return id;
        }
    }

    @Override
    public Sha256 digest(String blobId) {
        byte[] bytes = computed.get(Type.BLOB.word() + blobId);
        return bytes == null ? clone.digest(blobId) : Sha256.of(bytes);
    }
}
