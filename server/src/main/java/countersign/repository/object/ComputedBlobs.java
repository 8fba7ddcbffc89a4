package countersign.repository.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store of which blobs are computed that it does not get: they stay in memory for as long as this does. Of a tree it
 * only says the id; whoever computes it remembers its entries. Thread-safe.
 */
final class ComputedBlobs implements ObjectStore {
    private final ObjectStore store;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

    ComputedBlobs(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Optional<byte[]> find(Type type, String id, int maxBytes) {
        byte[] bytes = type == Type.BLOB ? blobs.get(id) : null;
        if (bytes == null) {
            return store.find(type, id, maxBytes);
        }
        if (bytes.length > maxBytes) {
            throw new Refusal("too-large", "at most " + maxBytes + " bytes are read, " + id + " has " + bytes.length);
        }
        return Optional.of(bytes.clone());
    }

    @Override
    public boolean holds(Type type, String id) {
        return (type == Type.BLOB && blobs.containsKey(id)) || store.holds(type, id);
    }

    @Override
    public String put(Type type, byte[] bytes) {
        String id = ObjectStore.idOf(type, bytes);
        if (type == Type.BLOB) {
            blobs.putIfAbsent(id, bytes.clone());
        }
        return id;
    }

    @Override
    public Sha256 digest(String blobId) {
        byte[] bytes = blobs.get(blobId);
        return bytes == null ? store.digest(blobId) : Sha256.of(bytes);
    }
}
