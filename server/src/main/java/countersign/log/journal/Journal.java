package countersign.log.journal;

import countersign.codec.Refusal;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file that a log's entries are forced to, and from which everything else can be built again.
 *
 * <p>Format: 16 bytes {@code countersign.log1}, eight bytes with the length of the file up to which everything was
 * acknowledged, four bytes CRC-32C of those eight; then records. A record holds the entries of one append: four bytes of
 * length, four bytes CRC-32C over (index of its first entry as eight bytes, length, body), and the body, an entry bundle.
 * Numbers are big-endian. What lies behind the acknowledged length and is not a whole record was torn by a crash and is
 * cut off when the file is opened; anything wrong before it is refused.
 *
 * <p>One thread at a time appends; any thread reads. Uses no interruptible channel for either: an interrupted caller
 * must not close the log for all.
 */
public final class Journal implements Closeable {
    /** The most bytes that one append may bring. */
    public static final int MAX_BODY = 4 << 20;

    private static final byte[] MAGIC = "countersign.log1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 28;
    private static final int RECORD_HEADER = JournalReader.RECORD_HEADER;

    private final Path file;
    private final RandomAccessFile writing;
    private final RandomAccessFile reading;
    private final RandomAccessFile lock;
    private volatile long end;
    private long nextIndex;
    private volatile boolean broken;
    private volatile @Nullable String problem;

    private Journal(Path file, Start start) throws IOException {
        this.file = file;
        this.end = start.position();
        this.nextIndex = start.index();
        this.lock = new RandomAccessFile(file + ".lock", "rw");
        this.writing = new RandomAccessFile(file.toFile(), "rw");
        this.reading = new RandomAccessFile(file.toFile(), "r");
    }

    /** Receives the records in order while a journal is opened; {@code position} is where the body begins. */
    @FunctionalInterface
    public interface Replay {
        void accept(List<byte[]> entries, long position);
    }

    /**
     * Where a replay begins.
     *
     * @param position where a record begins, or the file ends
     * @param index index of its first entry
     */
    public record Start(long position, long index) {
        /** Everything. */
        public static final Start BEGINNING = new Start(HEADER, 0);
    }

    /**
     * Opens the file, or makes it, and replays it from a record on. Everything replayed is on the disk when this returns. Refuses with
     * {@code log-in-use}, {@code log-truncated} and {@code log-corrupt}.
     */
    public static Journal open(Path file, Start start, Replay replay) {
        try {
            if (Files.notExists(file)) {
                create(file);
            }
            Journal journal = new Journal(file, start);
            journal.recover(replay);
            return journal;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open the journal " + file, failure);
        }
    }

    /** Writes the bodies as one record each, forces them once, and returns where each body begins. */
    public long[] append(List<byte[]> bodies, int[] counts) {
        if (broken) {
            throw new Refusal(
                    "log-broken", "the log is closed, or a write to it failed", "open it again to see what was kept");
        }
        broken = true;
        long[] positions = new long[bodies.size()];
        byte[] records = records(bodies, counts, positions);
        try {
            long start = end;
            writing.seek(start);
            writing.write(records);
            writing.getFD().sync();
            end = start + records.length;
            acknowledge();
        } catch (IOException failure) {
            problem = "a write to " + file + " failed (" + failure.getMessage()
                    + "); nothing is written until the server is started again with a disk that takes it: what was kept"
                    + " is found then";
            throw new UncheckedIOException("cannot write the journal " + file, failure);
        }
        nextIndex += Arrays.stream(counts).sum();
        broken = false;
        return positions;
    }

    /** Why nothing is appended any more, if a write failed; empty while all is well. */
    public Optional<String> findProblem() {
        return Optional.ofNullable(problem);
    }

    /** Reads the first {@code entries} again; refuses them with {@code log-corrupt} if they are not what was written. */
    public void reread(long entries, Replay replay) {
        try (JournalReader reader = new JournalReader(file, HEADER, 0)) {
            while (reader.index() < entries) {
                long position = reader.position();
                replay.accept(
                        reader.next().orElseThrow(() -> altered(position, reader.index())), position + RECORD_HEADER);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the journal " + file, failure);
        }
    }

    /** The bytes at a place that an append or the replay told. */
    public byte[] read(long position, int length) {
        byte[] bytes = new byte[length];
        synchronized (reading) {
            try {
                reading.seek(position);
                reading.readFully(bytes);
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot read the journal " + file, failure);
            }
        }
        return bytes;
    }

    /** Where the file ends now; whole records stand before. */
    public long end() {
        return end;
    }

    /** Writes another journal that holds what stands before an end, and forces it. */
    public void copyTo(Path other, long until) {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(other, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            to.write(ByteBuffer.allocate(HEADER)
                    .put(MAGIC)
                    .put(acknowledgement(until))
                    .flip());
            for (long at = HEADER; at < until; ) {
                at += from.transferTo(at, until - at, to);
            }
            to.force(true);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot copy the journal " + file, failure);
        }
    }

    /** To be called when memory no longer agrees with the file. */
    public void refuseAppends() {
        broken = true;
    }

    @Override
    public void close() {
        try (writing;
                reading;
                lock) {
            broken = true;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the journal " + file, failure);
        }
    }

    private static void create(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(folder);
        Path draft = folder.resolve(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(HEADER)
                    .put(MAGIC)
                    .put(acknowledgement(HEADER))
                    .flip());
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private void recover(Replay replay) throws IOException {
        boolean recovered = false;
        try {
            lock();
            long acknowledged = readHeader();
            replay(acknowledged, replay);
            if (end < writing.length()) {
                writing.setLength(end);
            }
            writing.getFD().sync();
            acknowledge();
            recovered = true;
        } finally {
            if (!recovered) {
                close();
            }
        }
    }

    /** Locks a file of its own: the lock on a file ends when any reader in this process closes that file. */
    private void lock() throws IOException {
        try {
            if (lock.getChannel().tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException ownProcess) {
            throw inUse();
        }
        throw inUse();
    }

    private Refusal inUse() {
        return new Refusal("log-in-use", file + " is open for writing elsewhere", "stop the other process");
    }

    private long readHeader() throws IOException {
        if (writing.length() < HEADER) {
            throw corrupt("the header is cut short");
        }
        ByteBuffer header = ByteBuffer.wrap(read(0, HEADER));
        byte[] magic = new byte[MAGIC.length];
        header.get(magic);
        long acknowledged = header.getLong(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC) || !header.slice().equals(ByteBuffer.wrap(acknowledgement(acknowledged)))) {
            throw corrupt("the header is altered");
        }
        if (acknowledged > writing.length()) {
            throw new Refusal(
                    "log-truncated",
                    file + " has " + writing.length() + " bytes, but " + acknowledged + " were acknowledged",
                    "restore the journal from a copy that is as long");
        }
        return acknowledged;
    }

    private void replay(long acknowledged, Replay replay) throws IOException {
        if (acknowledged < end) {
            throw corrupt("it ends before byte " + end);
        }
        try (JournalReader reader = new JournalReader(file, end, nextIndex)) {
            Optional<List<byte[]>> entries = reader.next();
            while (entries.isPresent()) {
                replay.accept(entries.get(), end + RECORD_HEADER);
                end = reader.position();
                nextIndex = reader.index();
                entries = reader.next();
            }
        }
        if (end < acknowledged) {
            throw altered(end, nextIndex);
        }
    }

    private byte[] records(List<byte[]> bodies, int[] counts, long[] positions) {
        ByteBuffer records = ByteBuffer.allocate(
                bodies.stream().mapToInt(body -> RECORD_HEADER + body.length).sum());
        long index = nextIndex;
        for (int i = 0; i < bodies.size(); i++) {
            byte[] body = bodies.get(i);
            positions[i] = end + records.position() + RECORD_HEADER;
            records.putInt(body.length)
                    .putInt(JournalReader.checksum(index, body))
                    .put(body);
            index += counts[i];
        }
        return records.array();
    }

    private void acknowledge() throws IOException {
        writing.seek(MAGIC.length);
        writing.write(acknowledgement(end));
    }

    private static byte[] acknowledgement(long length) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(length).array();
        CRC32C checksum = new CRC32C();
        checksum.update(number);
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .put(number)
                .putInt((int) checksum.getValue())
                .array();
    }

    private Refusal altered(long position, long index) {
        return corrupt("the record at byte " + position + ", that of entry " + index + ", is altered");
    }

    private Refusal corrupt(String what) {
        return new Refusal(
                "log-corrupt", file + ": " + what, "restore the journal from a copy; nothing is written until then");
    }
}
