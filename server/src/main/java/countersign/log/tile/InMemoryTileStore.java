package countersign.log.tile;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A tile store for tests and for logs that need not outlive the process. */
public final class InMemoryTileStore implements TileStore {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path)).map(byte[]::clone);
    }

    @Override
    public void write(String path, byte[] bytes) {
        TilePath.requireFile(path);
        files.put(path, bytes.clone());
    }
}
