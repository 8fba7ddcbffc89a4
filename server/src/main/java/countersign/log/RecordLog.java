package countersign.log;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.codec.disk.WritableFolder;
import countersign.log.journal.EntryPlaces;
import countersign.log.journal.Journal;
import countersign.log.journal.ResumePoint;
import countersign.log.tile.EntryBundle;
import countersign.log.tile.FileTileStore;
import countersign.log.tile.Merkle;
import countersign.log.tile.TilePath;
import countersign.log.tile.TileSource;
import countersign.log.tile.TileStore;
import countersign.signing.SignedNote;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a log (PROTOCOL §4): entries in strict order, forced to the disk before an append returns, provable
 * by a Merkle tree under signed checkpoints. Thread-safe: concurrent appends share one force of the journal.
 *
 * <p>The journal is the truth. Full tiles and bundles in the tile store are built from it, and checked against it when the
 * log is opened and by {@link #check}; unfinished ones are served from memory at any width. A checkpoint is signed when somebody asks for one.
 */
public final class RecordLog implements TileSource, Closeable {
    private static final int MAX_GROUP = 256;
    private static final int ROOTS = 1_024;
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** Replacing a file costs as much as a force of the journal. */
    private static final Duration STORED_EVERY = Duration.ofSeconds(1);

    private final LogSigners signers;
    private final InstantSource clock;
    private final TileStore store;
    private final Path resumeFile;
    private final WritableFolder folder;
    private final Journal journal;
    private final LiveTiles tiles;
    private final EntryPlaces places;
    private final GroupCommit<Appending> commits = new GroupCommit<>(this::commit, MAX_GROUP);
    private final Object publishing = new Object();

    /** By size; the root of entries that are there never changes. */
    private final Map<Long, Sha256> roots = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Sha256> eldest) {
            return size() > ROOTS;
        }
    };

    private @Nullable Published published;
    private @Nullable Published stored;
    private long resumable;
    private volatile @Nullable String problem;

    private RecordLog(LogSigners signers, InstantSource clock, TileStore store, Path file, LogOpening opening) {
        this.signers = signers;
        this.clock = clock;
        this.store = store;
        this.resumeFile = ResumePoint.file(file);
        this.folder =
                new WritableFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        this.journal = opening.journal();
        this.tiles = opening.tiles();
        this.places = opening.places();
        this.resumable = opening.resumedAt();
    }

    /** Opens the log in a folder: the file {@code journal} and the folder {@code tiles}. */
    public static RecordLog open(Path folder, LogSigners signers, InstantSource clock) {
        return open(folder.resolve("journal"), new FileTileStore(folder.resolve("tiles")), signers, clock);
    }

    /**
     * Opens a log, or begins one where there is none. What a crash tore and nobody was told of is cut off. Refuses with
     * {@code log-corrupt} a journal that is altered, with {@code log-truncated} or {@code log-forked} one that does not
     * extend the last published checkpoint, with {@code log-in-use} one that is open elsewhere. Entries that were found
     * whole at an earlier opening are not read again, as long as their tiles give the same root: see {@link #check}.
     */
    public static RecordLog open(Path journal, TileStore store, LogSigners signers, InstantSource clock) {
        Checkpoint last = store.read(CHECKPOINT)
                .filter(bytes -> bytes.length > 0)
                .map(bytes -> signers.trust().verify(bytes).checkpoint())
                .orElse(Checkpoint.empty(signers.origin()));
        return new RecordLog(signers, clock, store, journal, LogOpening.of(journal, store, last));
    }

    /** See {@link #append(List)}. */
    public long append(LogEntry entry) {
        return append(List.of(entry));
    }

    /** See {@link #appendBytes}. */
    public long append(List<? extends LogEntry> entries) {
        return appendBytes(entries.stream().map(LogEntry::bytes).toList());
    }

    /**
     * Appends the entries, at least one, at consecutive indexes: all of them or, after a crash, none. They are on the
     * disk when this returns.
     *
     * @return the index of the first
     */
    public long appendBytes(List<byte[]> entries) {
        Appending appending = Appending.of(entries);
        commits.commit(appending);
        return appending.first;
    }

    /** Number of entries that are on the disk. */
    public long size() {
        return tiles.size();
    }

    /** One entry, checked against its hash in the tree. */
    public byte[] entry(long index) {
        requireIn(index >= 0 && index < size(), "entry " + index);
        byte[] entry = places.has(index) ? journal.read(places.position(index), places.length(index)) : bundled(index);
        if (!Arrays.equals(Merkle.leaf(entry), tiles.at(size()).hash(0, index))) {
            throw new Refusal("log-corrupt", "the log's entry " + index + " is altered", "restore it from a copy");
        }
        return entry;
    }

    /** The entries from one index up to, and without, another, read one by one as they are asked for. */
    public Stream<byte[]> entries(long from, long to) {
        requireIn(from >= 0 && from <= to && to <= size(), "entries " + from + " to " + to);
        return LongStream.range(from, to).mapToObj(this::entry);
    }

    /**
     * Reads the whole journal again, as {@link #open} does only for what is new since entries were found whole. Takes as
     * long as it takes; may run beside everything else. A journal that was altered is found; then nothing is appended any
     * more, {@link #findProblem} says why, and the next opening reads everything. Ends early if the thread is interrupted.
     */
    public void check() {
        new LogCheck(journal, store, checkpoint()).findProblem().ifPresent(found -> {
            problem = found;
            journal.refuseAppends();
            LogOpening.delete(resumeFile);
        });
    }

    /**
     * Why nothing is to be appended: {@link #check} found the journal altered, a write to it failed, or its disk is full or
     * takes no writes, which may pass. Empty while all is well.
     */
    public Optional<String> findProblem() {
        return Optional.ofNullable(problem).or(journal::findProblem).or(folder::findProblem);
    }

    /** What a checkpoint would say now. */
    public Checkpoint checkpoint() {
        Checkpoint checkpoint = tiles.checkpoint(signers.origin());
        remember(checkpoint.size(), checkpoint.root());
        return checkpoint;
    }

    /**
     * A signed checkpoint over at least every entry whose append returned before, cosigned within the last minute. Now
     * and then, and when the log is closed, the newest one is put into the tile store.
     */
    public SignedNote signedCheckpoint() {
        synchronized (publishing) {
            Instant now = clock.instant();
            Published last = published;
            if (last == null || last.size != size() || last.time.plus(FRESH).isBefore(now)) {
                Checkpoint checkpoint = checkpoint();
                last = new Published(checkpoint.size(), now, signers.sign(checkpoint, now));
                published = last;
            }
            if (!last.equals(stored)
                    && folder.findProblem().isEmpty()
                    && (stored == null || stored.time.plus(STORED_EVERY).isBefore(now))) {
                store(last);
            }
            return last.note;
        }
    }

    /** The log as it stands now, for writing it elsewhere while it grows here. */
    public LogCopy copy() {
        SignedNote note = signedCheckpoint();
        return new LogCopy(journal, journal.end(), note);
    }

    /** The Merkle root of the first {@code size} entries. */
    public Sha256 root(long size) {
        requireIn(size >= 0 && size <= size(), "size " + size);
        synchronized (roots) {
            Sha256 known = roots.get(size);
            if (known != null) {
                return known;
            }
        }
        Sha256 root = Sha256.ofDigest(Merkle.root(size, tiles.at(size)));
        remember(size, root);
        return root;
    }

    /** The proof that an entry is in the tree of the first {@code size} entries. */
    public List<Sha256> inclusionProof(long index, long size) {
        requireIn(index >= 0 && index < size && size <= size(), "entry " + index + " of " + size);
        return Merkle.digests(Merkle.inclusionProof(index, size, tiles.at(size)));
    }

    /** The proof that the tree of the first {@code old} entries is a prefix of that of {@code size}; empty for none. */
    public List<Sha256> consistencyProof(long old, long size) {
        requireIn(old >= 0 && old <= size && size <= size(), "sizes " + old + " and " + size);
        return old == 0 ? List.of() : Merkle.digests(Merkle.consistencyProof(old, size, tiles.at(size)));
    }

    /** The file that a C2SP tlog-tiles client asks for; any width that the log has reached. */
    @Override
    public Optional<byte[]> read(String path) {
        return path.equals(CHECKPOINT)
                ? Optional.of(signedCheckpoint().write().getBytes(StandardCharsets.UTF_8))
                : TilePath.find(path).flatMap(tiles::find);
    }

    @Override
    public void close() {
        synchronized (publishing) {
            try (journal) {
                if (published != null
                        && !published.equals(stored)
                        && folder.findProblem().isEmpty()) {
                    store(published);
                }
            }
        }
    }

    private void remember(long size, Sha256 root) {
        synchronized (roots) {
            roots.put(size, root);
        }
    }

    private void store(Published newest) {
        store.write(CHECKPOINT, newest.note.write().getBytes(StandardCharsets.UTF_8));
        stored = newest;
        EntryPlaces.Boundary boundary = places.boundary();
        if (problem == null && boundary.size() - resumable >= ResumePoint.STEP && boundary.size() <= size()) {
            new ResumePoint(boundary.size(), boundary.start(), root(boundary.size())).write(resumeFile);
            resumable = boundary.size();
        }
    }

    /** An entry that was there when the log was opened, from its bundle. */
    private byte[] bundled(long index) {
        TilePath path = TilePath.entries(index / TilePath.FULL, TilePath.FULL);
        return tiles.find(path)
                .flatMap(EntryBundle::decode)
                .filter(entries -> entries.size() == TilePath.FULL)
                .map(entries -> entries.get((int) (index % TilePath.FULL)))
                .orElseThrow(() ->
                        new Refusal("log-corrupt", path + " is not a bundle of entries", "restart: it is made again"));
    }

    private void commit(List<Appending> group) {
        boolean whole = false;
        try {
            force(group);
            tiles.add(
                    group.stream()
                            .flatMap(appending -> appending.entries.stream())
                            .toList(),
                    group.stream()
                            .flatMap(appending -> appending.leaves.stream())
                            .toList());
            whole = true;
        } finally {
            if (!whole) {
                journal.refuseAppends();
            }
        }
    }

    private void force(List<Appending> group) {
        List<byte[]> bodies = group.stream().map(appending -> appending.body).toList();
        int[] counts =
                group.stream().mapToInt(appending -> appending.entries.size()).toArray();
        long index = tiles.size();
        long[] positions = journal.append(bodies, counts);
        for (int i = 0; i < positions.length; i++) {
            group.get(i).first = index;
            index += counts[i];
            places.add(group.get(i).entries, positions[i]);
        }
    }

    private void requireIn(boolean within, String what) {
        if (!within) {
            throw new Refusal("outside-of-log", "the log has " + size() + " entries, asked for " + what);
        }
    }

    private record Published(long size, Instant time, SignedNote note) {}

    /** One caller's entries on their way into the log; the committing thread sets the index. */
    private static final class Appending {
        private final List<byte[]> entries;
        private final List<byte[]> leaves;
        private final byte[] body;
        private long first;

        private Appending(List<byte[]> entries, List<byte[]> leaves, byte[] body) {
            this.entries = entries;
            this.leaves = leaves;
            this.body = body;
        }

        static Appending of(List<byte[]> entries) {
            List<byte[]> copies = entries.stream().map(byte[]::clone).toList();
            byte[] body = EntryBundle.encode(copies);
            if (body.length == 0) {
                throw new IllegalArgumentException("nothing to append");
            }
            if (body.length > Journal.MAX_BODY) {
                throw new Refusal(
                        "entries-too-large",
                        "one append has at most " + Journal.MAX_BODY + " bytes, this has " + body.length);
            }
            return new Appending(copies, copies.stream().map(Merkle::leaf).toList(), body);
        }
    }
}
