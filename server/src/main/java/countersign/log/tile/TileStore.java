package countersign.log.tile;

/**
 * Keeps the files of one log by path. Safe for several threads. A reader sees the bytes of one write or of another,
 * never a mixture. Nothing is promised about what a power cut leaves: a log makes its tiles good when it is opened.
 */
public interface TileStore extends TileSource {
    /**
     * Puts the bytes at {@value #CHECKPOINT} or at the text of a {@link TilePath}, in place of what was there; any other
     * path is refused as {@code malformed-tile-path}. Writes nothing if the same bytes are there.
     */
    void write(String path, byte[] bytes);
}
