package countersign.log;

import countersign.log.journal.Journal;
import countersign.log.tile.FileTileStore;
import countersign.log.tile.TileSource;
import countersign.signing.SignedNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A record log as it stood at a moment. Tiles are not copied: they are made again from the journal. */
public final class LogCopy {
    private final Journal journal;
    private final long end;
    private final SignedNote note;

    LogCopy(Journal journal, long end, SignedNote note) {
        this.journal = journal;
        this.end = end;
        this.note = note;
    }

    /** What was signed at that moment; the copy holds at least as many entries. */
    public Checkpoint checkpoint() {
        return Checkpoint.parse(note.text());
    }

    /** Writes the log into a folder that is absent, where {@link RecordLog#open} opens it. */
    public void writeTo(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        journal.copyTo(folder.resolve("journal"), end);
        new FileTileStore(folder.resolve("tiles"))
                .write(TileSource.CHECKPOINT, note.write().getBytes(StandardCharsets.UTF_8));
    }
}
