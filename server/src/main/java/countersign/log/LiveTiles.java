package countersign.log;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.Merkle;
import countersign.log.tile.TilePath;
import countersign.log.tile.TileStore;
import countersign.log.tile.TileTree;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tiles of a log that is being written: full ones in a store, unfinished ones in memory, so that any width a reader
 * ever saw in a checkpoint can be served for ever. Used by several threads; every method takes the one lock, so a reader
 * sees a batch of entries whole or not at all.
 */
final class LiveTiles {
    private static final int CACHED_TILES = 128;

    private final TileStore store;
    private final Map<TilePath, byte[]> cache = new LinkedHashMap<>(CACHED_TILES, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, byte[]> eldest) {
            return size() > CACHED_TILES;
        }
    };
    private final TileTree tree;
    private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();

    /** Of a log without entries. */
    LiveTiles(TileStore store) {
        this.store = store;
        this.tree = new TileTree(this::keep);
    }

    /**
     * Goes on behind entries whose full tiles are in the store; compare {@link #checkpoint} before using it. Refuses with
     * {@code log-tile-altered} if one that is needed is missing.
     */
    LiveTiles(TileStore store, long size) {
        this.store = store;
        this.tree = TileTree.resumeFromFull(size, this::fullTile, this::keep);
    }

    /** Adds one batch of entries with their leaf hashes. */
    synchronized void add(List<byte[]> entries, List<byte[]> leaves) {
        for (int i = 0; i < entries.size(); i++) {
            bundle.writeBytes(EntryBundle.encode(List.of(entries.get(i))));
            tree.add(leaves.get(i));
            if (tree.size() % TilePath.FULL == 0) {
                store.write(
                        TilePath.entries(tree.size() / TilePath.FULL - 1, TilePath.FULL)
                                .toString(),
                        bundle.toByteArray());
                bundle.reset();
            }
        }
    }

    synchronized long size() {
        return tree.size();
    }

    synchronized Checkpoint checkpoint(String origin) {
        return new Checkpoint(origin, tree.size(), Sha256.ofDigest(tree.root()));
    }

    /** The bytes of a tile of any width that the tree has reached; empty beyond. */
    synchronized Optional<byte[]> find(TilePath path) {
        long count = path.rowCount(tree.size());
        if (path.end() > count) {
            return Optional.empty();
        }
        if (path.number() < count / TilePath.FULL) {
            return stored(path.full()).flatMap(path::cutFrom);
        }
        return path.isEntries()
                ? EntryBundle.prefix(bundle.toByteArray(), path.width())
                : Optional.of(tree.unfinished(path.level(), path.width()));
    }

    /** The hashes of the tree when it had {@code size} entries. */
    Merkle.Subtrees at(long size) {
        return TileTree.subtrees(this::get, size);
    }

    private byte[] get(TilePath path) {
        return find(path)
                .orElseThrow(() -> new Refusal(
                        "log-corrupt", path + " is gone from the log's tiles", "restart: they are built again"));
    }

    private byte[] fullTile(TilePath path) {
        return store.read(path.toString())
                .filter(tile -> tile.length == TilePath.FULL * TileTree.HASH)
                .orElseThrow(() -> new Refusal("log-tile-altered", path + " is missing, or has another length"));
    }

    private void keep(TilePath path, byte[] tile) {
        store.write(path.toString(), tile);
        cache.put(path, tile);
    }

    private Optional<byte[]> stored(TilePath path) {
        Optional<byte[]> tile = Optional.ofNullable(cache.get(path)).or(() -> store.read(path.toString()));
        if (!path.isEntries()) {
            tile.ifPresent(bytes -> cache.put(path, bytes));
        }
        return tile;
    }
}
