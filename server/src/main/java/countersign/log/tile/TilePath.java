package countersign.log.tile;

import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of one tile of a C2SP tlog-tiles log: {@code tile/<row>/<number>[.p/<width>]}.
 *
 * @param row {@code entries}, or a level from 0 to 7 in decimal
 * @param number place of the tile in its row, from 0
 * @param width how many hashes or entries it holds, from 1; {@value #FULL} for a full tile
 */
public record TilePath(String row, long number, int width) {
    public static final int FULL = 256;

    public static final String ENTRIES = "entries";
    private static final int LEVELS = 8;
    private static final long MAX_NUMBER = Long.MAX_VALUE / FULL;
    private static final int MAX_TEXT = 64;
    private static final Pattern PATTERN =
            Pattern.compile("tile/(entries|[0-7])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public TilePath {
        if (number < 0 || number > MAX_NUMBER || width < 1 || width > FULL) {
            throw new Refusal(
                    "malformed-tile-path", "no tile of row " + row + " has number " + number + ", width " + width);
        }
    }

    public static TilePath entries(long number, int width) {
        return new TilePath(ENTRIES, number, width);
    }

    public static TilePath hashes(int level, long number, int width) {
        return new TilePath(Integer.toString(level), number, width);
    }

    /** Reads the one text form of a path; empty for any other text. */
    public static Optional<TilePath> find(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (text.length() > MAX_TEXT || !matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
        int width = matcher.group(3) == null ? FULL : Integer.parseInt(matcher.group(3));
        if (width > FULL) {
            return Optional.empty();
        }
        TilePath path = new TilePath(matcher.group(1), number, width);
        return Optional.of(path).filter(read -> read.toString().equals(text));
    }

    /** Refuses what is neither {@value TileSource#CHECKPOINT} nor the text of a tile's path. */
    static void requireFile(String text) {
        if (!isFile(text)) {
            throw new Refusal("malformed-tile-path", "no file of a log has the path " + text);
        }
    }

    static boolean isFile(String text) {
        return text.equals(TileSource.CHECKPOINT) || find(text).isPresent();
    }

    /** Every tile that a tree of this size has, entry bundles first, then by level. */
    public static List<TilePath> of(long size) {
        return between(0, size);
    }

    /** The tiles of a tree of {@code size} that a tree of {@code old} entries did not have. */
    public static List<TilePath> between(long old, long size) {
        List<TilePath> paths = new ArrayList<>();
        addRow(paths, ENTRIES, old, size);
        for (int level = 0; count(level, size) > 0; level++) {
            addRow(paths, Integer.toString(level), count(level, old), count(level, size));
        }
        return paths;
    }

    /** The last tile of each row in a tree of this size, entries first, then by level. */
    public static List<TilePath> lastOfRows(long size) {
        List<TilePath> last = new ArrayList<>();
        if (size > 0) {
            last.add(holding(ENTRIES, size - 1, size));
        }
        for (int level = 0; count(level, size) > 0; level++) {
            last.add(holding(Integer.toString(level), count(level, size) - 1, count(level, size)));
        }
        return last;
    }

    /** How many hashes the level has in a tree of this size. */
    public static long count(int level, long size) {
        return level >= LEVELS ? 0 : size >>> (8 * level);
    }

    /** The tile that holds one place of a row with {@code count} places, as wide as the row allows. */
    public static TilePath holding(String row, long place, long count) {
        long number = place / FULL;
        return new TilePath(row, number, (int) Math.min(FULL, count - number * FULL));
    }

    public boolean isEntries() {
        return row.equals(ENTRIES);
    }

    /** The level of a tile of hashes. */
    public int level() {
        return Integer.parseInt(row);
    }

    public boolean isFull() {
        return width == FULL;
    }

    public TilePath full() {
        return new TilePath(row, number, FULL);
    }

    /** This tile's part of the bytes of the full tile; empty if those are not such a tile. */
    public Optional<byte[]> cutFrom(byte[] full) {
        if (isEntries()) {
            return isFull() ? Optional.of(full) : EntryBundle.prefix(full, width);
        }
        return Optional.of(full)
                .filter(hashes -> hashes.length == FULL * TileTree.HASH)
                .map(hashes -> Arrays.copyOf(hashes, width * TileTree.HASH));
    }

    /** How many places of the row a tree of this size has. */
    public long rowCount(long size) {
        return isEntries() ? size : count(level(), size);
    }

    /** Place in the row just behind this tile's last. */
    public long end() {
        return number * FULL + width;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%03d".formatted(number % 1000));
        for (long rest = number / 1000; rest > 0; rest /= 1000) {
            text.insert(0, "x%03d/".formatted(rest % 1000));
        }
        return "tile/" + row + "/" + text + (isFull() ? "" : ".p/" + width);
    }

    private static void addRow(List<TilePath> paths, String row, long old, long count) {
        if (count == old) {
            return;
        }
        for (long place = old / FULL * FULL; place < count; place += FULL) {
            paths.add(holding(row, place, count));
        }
    }
}
