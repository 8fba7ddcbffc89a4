package countersign.log.tile;

import java.util.Optional;

/** Where the files of a log are read from: a folder, a Git tree, a web address, a running log. */
@FunctionalInterface
public interface TileSource {
    /** The path of the signed note beside the tiles. */
    String CHECKPOINT = "checkpoint";

    /** More bytes than any file of a log has. */
    int MAX_BYTES = TilePath.FULL * (EntryBundle.MAX_ENTRY + 2);

    /**
     * The bytes at {@value #CHECKPOINT} or at the text of a {@link TilePath}; empty if there are none. Reads at most
     * {@link #MAX_BYTES}. The array is the caller's.
     */
    Optional<byte[]> read(String path);
}
