package countersign.activity;

import countersign.codec.Refusal;
import countersign.log.Checkpoint;
import countersign.log.LogSigners;
import countersign.log.RecordLog;
import countersign.log.tile.FileTileStore;
import countersign.log.tile.TileSource;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The segments of the activity log in a folder, each a log of its own. What is dropped leaves its last signed checkpoint
 * behind. Used by one thread at a time.
 */
final class SegmentStore {
    private static final String JOURNAL = "journal";
    private static final String TILES = "tiles";

    private final Path folder;
    private final String origin;
    private final NoteSigner signer;
    private final InstantSource clock;
    private final Map<Segment, RecordLog> open = new TreeMap<>();

    SegmentStore(Path folder, String origin, NoteSigner signer, InstantSource clock) {
        this.folder = folder;
        this.origin = origin;
        this.signer = signer;
        this.clock = clock;
    }

    NoteKey key() {
        return signer.key();
    }

    /** All segments, oldest first. */
    List<Segment> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(Segment::isName)
                    .map(Segment::parse)
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether its entries are there. */
    boolean isKept(Segment segment) {
        return Files.exists(path(segment).resolve(JOURNAL));
    }

    /** The log of a segment, begun if there is none. Refuses as {@link RecordLog#open} does. */
    RecordLog open(Segment segment) {
        RecordLog known = open.get(segment);
        if (known != null) {
            return known;
        }
        try {
            Files.createDirectories(path(segment));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        LogSigners signers = new LogSigners(origin(segment), List.of(signer));
        RecordLog opened = RecordLog.open(path(segment), signers, clock);
        open.put(segment, opened);
        return opened;
    }

    /** What a segment holds, or held when it was dropped; empty if that can't be read any more. */
    Optional<Checkpoint> head(Segment segment) {
        try {
            return isKept(segment)
                    ? Optional.of(open(segment).checkpoint())
                    : tiles(segment)
                            .read(TileSource.CHECKPOINT)
                            .map(bytes -> trust(segment).trust().verify(bytes).checkpoint());
        } catch (Refusal unreadable) {
            return Optional.empty();
        }
    }

    /** A file of a segment; a segment that was dropped has its checkpoint only. */
    Optional<byte[]> read(Segment segment, String path) {
        if (!Files.isDirectory(path(segment))) {
            return Optional.empty();
        }
        return isKept(segment) ? open(segment).read(path) : tiles(segment).read(path);
    }

    /** Deletes the entries of a segment; its signed checkpoint stays. */
    void drop(Segment segment) {
        RecordLog log = open(segment);
        log.signedCheckpoint();
        log.close();
        open.remove(segment);
        try {
            Files.delete(path(segment).resolve(JOURNAL));
            List<Path> rest;
            try (Stream<Path> all = Files.walk(path(segment))) {
                rest = all.sorted(Comparator.reverseOrder())
                        .filter(file -> !file.equals(path(segment))
                                && !file.equals(path(segment).resolve(TILES))
                                && !file.equals(path(segment).resolve(TILES).resolve(TileSource.CHECKPOINT)))
                        .toList();
            }
            for (Path file : rest) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Copies every segment, of dropped ones what is left. */
    void copyTo(Path to) {
        for (Segment segment : list()) {
            Path copy = to.resolve(segment.toString());
            if (isKept(segment)) {
                open(segment).copy().writeTo(copy);
            } else {
                tiles(segment)
                        .read(TileSource.CHECKPOINT)
                        .ifPresent(bytes -> new FileTileStore(copy.resolve(TILES)).write(TileSource.CHECKPOINT, bytes));
            }
        }
    }

    void close() {
        open.values().forEach(log -> {
            log.signedCheckpoint();
            log.close();
        });
        open.clear();
    }

    private LogSigners trust(Segment segment) {
        return new LogSigners(origin(segment), List.of(signer));
    }

    private String origin(Segment segment) {
        return origin + "/" + segment;
    }

    private FileTileStore tiles(Segment segment) {
        return new FileTileStore(path(segment).resolve(TILES));
    }

    private Path path(Segment segment) {
        return folder.resolve(segment.toString());
    }
}
