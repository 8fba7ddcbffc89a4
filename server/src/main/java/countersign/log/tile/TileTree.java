package countersign.log.tile;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A Merkle tree that grows at its right edge: keeps only the last, unfinished tile of each level and one hash for each
 * complete subtree on the edge, and hands on every tile of hashes that becomes full. Not thread-safe.
 */
public final class TileTree {
    /** Bytes of one hash. */
    public static final int HASH = 32;

    private final BiConsumer<TilePath, byte[]> full;
    private final byte[][] subtrees = new byte[Long.SIZE][];
    private final byte[][] tiles = new byte[Long.SIZE / 8][];
    private long size;

    public TileTree(BiConsumer<TilePath, byte[]> full) {
        this.full = full;
    }

    /** The tree of the first {@code size} leaves of a log whose tiles of hashes are already there; not verified. */
    public static TileTree resume(
            long size, Function<TilePath, byte[]> source, long sourceSize, BiConsumer<TilePath, byte[]> full) {
        TileTree tree = new TileTree(full);
        tree.size = size;
        Merkle.Subtrees hashes = subtrees(source, sourceSize);
        for (int level = 0; level < Long.SIZE - 1; level++) {
            if ((size >>> level & 1) == 1) {
                tree.subtrees[level] = hashes.hash(level, (size >>> level) - 1);
            }
        }
        for (int level = 0; TilePath.count(level, size) > 0; level++) {
            int width = (int) (TilePath.count(level, size) % TilePath.FULL);
            if (width > 0) {
                TilePath path = TilePath.holding(
                        Integer.toString(level), TilePath.count(level, size) - 1, TilePath.count(level, sourceSize));
                tree.tiles[level] = Arrays.copyOf(source.apply(path), TilePath.FULL * HASH);
            }
        }
        return tree;
    }

    /**
     * The tree of the first {@code size} leaves, a multiple of {@link TilePath#FULL}, of a log of which only full tiles
     * are kept; not verified.
     */
    public static TileTree resumeFromFull(
            long size, Function<TilePath, byte[]> source, BiConsumer<TilePath, byte[]> full) {
        Map<TilePath, byte[]> unfinished = new HashMap<>();
        return resume(
                size,
                path -> path.isFull()
                        ? source.apply(path)
                        : unfinished.computeIfAbsent(path, absent -> fromRowBelow(absent, source)),
                size,
                full);
    }

    private static byte[] fromRowBelow(TilePath path, Function<TilePath, byte[]> source) {
        byte[] hashes = new byte[path.width() * HASH];
        for (int slot = 0; slot < path.width(); slot++) {
            long below = path.number() * TilePath.FULL + slot;
            byte[] hash = fold(source.apply(TilePath.hashes(path.level() - 1, below, TilePath.FULL)), 0, TilePath.FULL);
            System.arraycopy(hash, 0, hashes, slot * HASH, HASH);
        }
        return hashes;
    }

    /** The hashes of complete subtrees in a tree of this size, from its tiles of hashes. */
    public static Merkle.Subtrees subtrees(Function<TilePath, byte[]> source, long size) {
        return (level, number) -> {
            int within = level % 8;
            long first = number << within;
            String row = Integer.toString(level / 8);
            byte[] tile = source.apply(TilePath.holding(row, first, TilePath.count(level / 8, size)));
            return fold(tile, (int) (first % TilePath.FULL), 1 << within);
        };
    }

    public void add(byte[] leaf) {
        place(0, leaf);
        byte[] hash = leaf;
        int level = 0;
        for (; (size >>> level & 1) == 1; level++) {
            hash = Merkle.node(subtrees[level], hash);
            if (level % 8 == 7) {
                place((level + 1) / 8, hash);
            }
        }
        subtrees[level] = hash;
        size++;
    }

    public long size() {
        return size;
    }

    public byte[] root() {
        return Merkle.root(size, (level, number) -> subtrees[level]);
    }

    /** The first {@code width} hashes of the unfinished tile of a level. */
    public byte[] unfinished(int level, int width) {
        return Arrays.copyOf(tiles[level], width * HASH);
    }

    private void place(int level, byte[] hash) {
        long place = TilePath.count(level, size);
        int slot = (int) (place % TilePath.FULL);
        if (slot == 0) {
            tiles[level] = new byte[TilePath.FULL * HASH];
        }
        System.arraycopy(hash, 0, tiles[level], slot * HASH, HASH);
        if (slot == TilePath.FULL - 1) {
            full.accept(TilePath.hashes(level, place / TilePath.FULL, TilePath.FULL), tiles[level].clone());
        }
    }

    private static byte[] fold(byte[] tile, int first, int count) {
        return count == 1
                ? Arrays.copyOfRange(tile, first * HASH, (first + 1) * HASH)
                : Merkle.node(fold(tile, first, count / 2), fold(tile, first + count / 2, count / 2));
    }
}
