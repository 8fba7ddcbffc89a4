package countersign.log.copy;

import countersign.log.Checkpoint;
import countersign.log.RecordLog;
import countersign.log.tile.TilePath;
import countersign.log.tile.TileSource;
import countersign.signing.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a copy of a log lacks: the files to write and to remove so that a copy of {@code published} entries becomes one
 * of the checkpoint's size. Immutable; reads the bytes as they are asked for.
 */
public final class MirrorUpdate {
    private final SignedNote note;
    private final Checkpoint checkpoint;
    private final long published;
    private final TileSource tiles;

    private MirrorUpdate(SignedNote note, long published, TileSource tiles) {
        this.note = note;
        this.checkpoint = Checkpoint.parse(note.text());
        this.published = published;
        this.tiles = tiles;
    }

    /** What a copy with the first {@code published} entries lacks now. */
    public static MirrorUpdate since(long published, RecordLog log) {
        return of(published, log.signedCheckpoint(), log);
    }

    static MirrorUpdate of(long published, SignedNote note, TileSource tiles) {
        return new MirrorUpdate(note, published, tiles);
    }

    /** What the copy will hold. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Whether the copy has every entry already. */
    public boolean isEmpty() {
        return published == checkpoint.size();
    }

    /** The paths to write, tiles first, {@value TileSource#CHECKPOINT} last. */
    public List<String> written() {
        List<String> paths = new ArrayList<>();
        TilePath.between(published, checkpoint.size()).forEach(path -> paths.add(path.toString()));
        paths.add(TileSource.CHECKPOINT);
        return List.copyOf(paths);
    }

    /** The paths of unfinished tiles that wider ones replace. */
    public List<String> removed() {
        Set<TilePath> kept = new HashSet<>(TilePath.lastOfRows(checkpoint.size()));
        return TilePath.lastOfRows(published).stream()
                .filter(path -> !path.isFull() && !kept.contains(path))
                .map(TilePath::toString)
                .toList();
    }

    /** The bytes to write at one of the paths. */
    public byte[] bytes(String path) {
        Optional<byte[]> bytes = path.equals(TileSource.CHECKPOINT)
                ? Optional.of(note.write().getBytes(StandardCharsets.UTF_8))
                : tiles.read(path);
        return bytes.orElseThrow(() -> new IllegalStateException("the log does not have its own file " + path));
    }
}
