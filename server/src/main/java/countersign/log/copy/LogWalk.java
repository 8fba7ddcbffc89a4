package countersign.log.copy;

import countersign.codec.Finding;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Checkpoint;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.Merkle;
import countersign.log.tile.TilePath;
import countersign.log.tile.TileSource;
import countersign.log.tile.TileTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One walk over the entries of a log, from a given one on, that builds the tree again and compares every tile with it.
 * Not thread-safe. Remembers one hash for each bundle of entries.
 */
final class LogWalk {
    private static final int MAX_FINDINGS = 20;
    private static final int MAX_DIFFERENCES = 10_000;

    private final TileSource source;
    private final Checkpoint signed;
    private final long from;
    private final TileTree tree;
    private final Map<Long, Sha256> bundleRoots = new TreeMap<>();
    private final List<Difference> differences = new ArrayList<>();

    /** Part of a stored tile that is not what the entries make it: the entries under it, and the tile. */
    private record Difference(TilePath tile, long firstEntry, long endEntry) {}

    /** Begins behind {@code from} entries that are taken from the tiles; compare {@link #root} before running on. */
    LogWalk(TileSource source, Checkpoint signed, long from) {
        this.source = source;
        this.signed = signed;
        this.from = from;
        this.tree = TileTree.resume(from, this::hashes, signed.size(), this::compare);
    }

    /** The root over the entries so far. */
    Sha256 root() {
        return Sha256.ofDigest(tree.root());
    }

    /** Walks to the end and shows every entry; refuses if anything differs from what was signed. */
    void run(Consumer<LogReader.Entry> shown) {
        for (long number = from / TilePath.FULL; number * TilePath.FULL < signed.size(); number++) {
            addBundle(number, shown);
        }
        TilePath.lastOfRows(signed.size()).stream()
                .filter(path -> !path.isEntries() && !path.isFull())
                .forEach(path -> compare(path, tree.unfinished(path.level(), path.width())));
        judge();
    }

    /** The entries that {@link #run} walked over. */
    Stream<LogReader.Entry> entries() {
        return bundleRoots.keySet().stream().flatMap(this::entriesOf).filter(entry -> entry.index() >= from);
    }

    /** Whether the signed tree extends an older one. The proof is made from the tiles and holds without believing them. */
    boolean extendsFrom(Checkpoint older) {
        if (older.size() == 0 || older.size() > signed.size()) {
            return older.size() == 0;
        }
        Merkle.Subtrees hashes = TileTree.subtrees(this::hashes, signed.size());
        return Merkle.extendsTo(
                older.size(),
                signed.size(),
                Merkle.digests(Merkle.consistencyProof(older.size(), signed.size(), hashes)),
                older.root(),
                signed.root());
    }

    /** Any entry, not compared with anything. */
    LogReader.Entry entry(long index) {
        byte[] bytes = bundle(index / TilePath.FULL).get((int) (index % TilePath.FULL));
        return new LogReader.Entry(index, bytes, Merkle.leaf(bytes));
    }

    private void addBundle(long number, Consumer<LogReader.Entry> shown) {
        List<byte[]> entries = bundle(number);
        List<byte[]> leaves = leaves(entries);
        long first = number * TilePath.FULL;
        for (int i = 0; i < leaves.size(); i++) {
            if (first + i >= from) {
                tree.add(leaves.get(i));
                shown.accept(new LogReader.Entry(first + i, entries.get(i), leaves.get(i)));
            } else if (!Arrays.equals(leaves.get(i), known(i))) {
                throw new Refusal(List.of(alteredEntry(first + i, first + i + 1)));
            }
        }
        bundleRoots.put(number, rootOf(leaves));
    }

    /** The hash of an entry before the first new one, in the same tile. */
    private byte[] known(int slot) {
        byte[] hashes = tree.unfinished(0, slot + 1);
        return Arrays.copyOfRange(hashes, slot * TileTree.HASH, hashes.length);
    }

    private void compare(TilePath path, byte[] expected) {
        byte[] stored =
                find(path).filter(bytes -> bytes.length == expected.length).orElseGet(() -> inverted(expected));
        for (int slot = 0; slot < path.width() && differences.size() < MAX_DIFFERENCES; slot++) {
            int begin = slot * TileTree.HASH;
            int end = begin + TileTree.HASH;
            if (!Arrays.equals(stored, begin, end, expected, begin, end)) {
                long place = path.number() * TilePath.FULL + slot;
                int shift = 8 * path.level();
                differences.add(new Difference(path, place << shift, (place + 1) << shift));
            }
        }
    }

    /** A tile that differs in every hash, to stand for one that is missing or has another length. */
    private static byte[] inverted(byte[] tile) {
        byte[] other = new byte[tile.length];
        for (int i = 0; i < tile.length; i++) {
            other[i] = (byte) ~tile[i];
        }
        return other;
    }

    /** If the entries give the signed root, they are right and a tile that differs is wrong; else it is the entries. */
    private void judge() {
        if (root().equals(signed.root())) {
            Refusal.ifAnyBlocks(differences.stream()
                    .map(Difference::tile)
                    .distinct()
                    .limit(MAX_FINDINGS)
                    .map(path -> Finding.error("log-tile-altered", path + " is not what the entries make it"))
                    .toList());
            return;
        }
        int lowest = differences.stream()
                .mapToInt(difference -> difference.tile().level())
                .min()
                .orElseThrow(() -> new Refusal(
                        "log-forked", "entries and tiles have the root " + root() + ", signed is " + signed.root()));
        throw new Refusal(differences.stream()
                .filter(difference -> difference.tile().level() == lowest)
                .limit(MAX_FINDINGS)
                .map(difference -> alteredEntry(difference.firstEntry(), difference.endEntry()))
                .toList());
    }

    private Finding alteredEntry(long first, long end) {
        String which = end - first == 1 ? "entry " + first : "one of the entries " + first + " to " + (end - 1);
        TilePath bundle = TilePath.holding(TilePath.ENTRIES, first, signed.size());
        return Finding.error("log-entry-altered", which + " in " + bundle + " is not the one that was logged");
    }

    private Stream<LogReader.Entry> entriesOf(long number) {
        List<byte[]> entries = bundle(number);
        List<byte[]> leaves = leaves(entries);
        if (!rootOf(leaves).equals(bundleRoots.get(number))) {
            throw new Refusal("log-entry-altered", bundlePath(number) + " was altered while it was read");
        }
        return IntStream.range(0, entries.size())
                .mapToObj(i -> new LogReader.Entry(number * TilePath.FULL + i, entries.get(i), leaves.get(i)));
    }

    private List<byte[]> bundle(long number) {
        TilePath path = bundlePath(number);
        byte[] bytes = find(path).orElseThrow(() -> missing(path));
        return EntryBundle.decode(bytes)
                .filter(entries -> entries.size() == path.width())
                .orElseThrow(() ->
                        new Refusal("log-entry-altered", path + " is not a bundle of " + path.width() + " entries"));
    }

    private byte[] hashes(TilePath path) {
        return find(path)
                .filter(tile -> tile.length == path.width() * TileTree.HASH)
                .orElseThrow(() -> missing(path));
    }

    private static Refusal missing(TilePath path) {
        return new Refusal("log-tile-altered", path + " is missing, or has another length");
    }

    /** The tile, or its part of the full one: a log may delete a partial tile when the full one exists. */
    private Optional<byte[]> find(TilePath path) {
        Optional<byte[]> exact = source.read(path.toString());
        return exact.isPresent() || path.isFull()
                ? exact
                : source.read(path.full().toString()).flatMap(path::cutFrom);
    }

    private TilePath bundlePath(long number) {
        return TilePath.holding(TilePath.ENTRIES, number * TilePath.FULL, signed.size());
    }

    private static List<byte[]> leaves(List<byte[]> entries) {
        return entries.stream().map(Merkle::leaf).toList();
    }

    private static Sha256 rootOf(List<byte[]> leaves) {
        return Sha256.ofDigest(Merkle.root(leaves.size(), Merkle.ofHashes(leaves)));
    }
}
