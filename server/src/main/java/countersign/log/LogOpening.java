package countersign.log;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.journal.EntryPlaces;
import countersign.log.journal.Journal;
import countersign.log.journal.ResumePoint;
import countersign.log.tile.Merkle;
import countersign.log.tile.TileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a journal into memory, all of it or what is behind a {@link ResumePoint}. Used once, by one thread. */
final class LogOpening {
    private final Checkpoint last;
    private final LiveTiles tiles;
    private final EntryPlaces places;
    private final long resumedAt;
    private final Journal journal;

    private LogOpening(Path file, TileStore store, Checkpoint last, Optional<ResumePoint> point) {
        this.last = last;
        Journal.Start start = point.map(ResumePoint::start).orElse(Journal.Start.BEGINNING);
        this.tiles = point.map(known -> new LiveTiles(store, known.size())).orElseGet(() -> new LiveTiles(store));
        this.resumedAt = tiles.size();
        this.places = new EntryPlaces(resumedAt, start);
        point.ifPresent(this::requireRoot);
        this.journal = Journal.open(file, start, this::take);
    }

    /**
     * Opens a journal. What was found whole before is not read again; but if anything is in doubt, everything is, so that a
     * refusal names what is wrong.
     *
     * @param last the checkpoint that was published last
     */
    static LogOpening of(Path file, TileStore store, Checkpoint last) {
        Path kept = ResumePoint.file(file);
        Optional<ResumePoint> point = ResumePoint.read(kept);
        if (point.isPresent()) {
            try {
                return new LogOpening(file, store, last, point).checked();
            } catch (Refusal doubt) {
                if (doubt.rule().equals("log-in-use")) {
                    throw doubt;
                }
                delete(kept);
            }
        }
        return new LogOpening(file, store, last, Optional.empty()).checked();
    }

    /** How many entries were not read; 0 if all were. */
    long resumedAt() {
        return resumedAt;
    }

    LiveTiles tiles() {
        return tiles;
    }

    EntryPlaces places() {
        return places;
    }

    Journal journal() {
        return journal;
    }

    /** Forgets what was found whole, so that the next opening reads everything. */
    static void delete(Path resumeFile) {
        try {
            Files.deleteIfExists(resumeFile);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + resumeFile, failed);
        }
    }

    private LogOpening checked() {
        boolean good = false;
        try {
            requireLast();
            good = true;
            return this;
        } finally {
            if (!good) {
                journal.close();
            }
        }
    }

    private void take(List<byte[]> entries, long position) {
        long index = places.add(entries, position);
        for (byte[] entry : entries) {
            byte[] leaf = Merkle.leaf(entry);
            if (index == tiles.size()) {
                tiles.add(List.of(entry), List.of(leaf));
            }
            index++;
        }
    }

    private void requireRoot(ResumePoint point) {
        Sha256 root = tiles.checkpoint(last.origin()).root();
        if (!root.equals(point.root())) {
            throw new Refusal(
                    "log-tile-altered", "the tiles give the root " + root + ", remembered is " + point.root());
        }
    }

    private void requireLast() {
        if (tiles.size() < last.size()) {
            throw new Refusal(
                    "log-truncated",
                    "the journal has " + tiles.size() + " entries, the published checkpoint " + last.size(),
                    "restore the journal from a copy that is as long");
        }
        Sha256 root = Sha256.ofDigest(Merkle.root(last.size(), tiles.at(last.size())));
        if (!root.equals(last.root())) {
            throw new Refusal(
                    "log-forked",
                    "the published checkpoint of " + last.size() + " entries has the root " + last.root()
                            + ", the journal's first " + last.size() + " have " + root,
                    "restore the journal that belongs to the checkpoint");
        }
    }
}
