package countersign.git.object;

import countersign.codec.Refusal;
import countersign.repository.Repository.RefMove;
import countersign.repository.object.ObjectStore;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What was written to a repository since its last pack, in files that are only appended to, so that one force makes
 * hundreds of loose objects and ref moves survive a power cut. Thread-safe: appends take turns under one lock, forces
 * under another, and whoever waited for a force that covers what he wrote needs none of his own.
 *
 * <p>A file starts with the line {@code countersign journal 1 BOOT}; BOOT names the machine's present start. Then come
 * records: length of the body (4 bytes, big-endian), body, CRC-32C of the body (4 bytes). A body is one byte that says
 * what it is, and its content: {@code b}, {@code t} or {@code c} and the bytes of a blob, tree or commit, or {@code r}
 * and a line {@code ref expected next} for each ref that moved together, {@code -} for none, or {@code p} and such lines
 * for refs whose files were written. The first record that is cut short or does not match its checksum ends the file; so
 * do the zeros that are written ahead, because forcing is cheaper where the file does not grow.
 */
public final class Journal implements Closeable {
    private static final String MAGIC = "countersign journal 1 ";
    private static final int MAX_BODY = 1 << 30;
    private static final int AHEAD = 1 << 20;

    private final Path folder;
    private final String boot;
    private final int first;
    private final ReentrantLock appending = new ReentrantLock();
    private final ReentrantLock forcing = new ReentrantLock(true);
    private FileChannel channel;
    private long position;
    private long zeroed;
    private Path file;
    private int number;
    private final AtomicLong written = new AtomicLong();
    private volatile long forced;
    private volatile @Nullable String problem;
    private final AtomicInteger records = new AtomicInteger();

    private Journal(Path folder, String boot, int number) throws IOException {
        this.folder = folder;
        this.boot = boot;
        this.first = number;
        this.number = number;
        this.file = path(number);
        this.channel = begin(file);
        this.position = channel.size();
    }

    /**
     * Starts a new file after those that are there.
     *
     * @param boot names the machine's present start; no space or line end in it
     */
    public static Journal open(Path folder, String boot) throws IOException {
        Files.createDirectories(folder);
        List<Path> present = files(folder);
        int last = present.isEmpty() ? 0 : number(present.get(present.size() - 1));
        return new Journal(folder, boot, last + 1);
    }

    /** The files of a journal's folder, oldest first. */
    public static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d{8}"))
                    .sorted()
                    .toList();
        }
    }

    void append(ObjectStore.Type type, byte[] bytes) {
        append((byte) type.word().charAt(0), bytes);
    }

    public void append(List<RefMove> moves) {
        append((byte) 'r', moves);
    }

    /** Notes that the files of refs have these next values now. */
    public void appendPublished(List<RefMove> moves) {
        append((byte) 'p', moves);
    }

    private void append(byte kind, List<RefMove> moves) {
        StringBuilder lines = new StringBuilder();
        for (RefMove move : moves) {
            lines.append(move.ref()).append(' ').append(move.expected() == null ? "-" : move.expected());
            lines.append(' ').append(move.next() == null ? "-" : move.next()).append('\n');
        }
        append(kind, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns once everything appended before the call is on the disk. */
    public void force() {
        long wanted = written.get();
        if (forced >= wanted) {
            return;
        }
        forcing.lock();
        try {
            if (forced < wanted) {
                long covered = written.get();
                requireSound();
                channel.force(false);
                forced = covered;
            }
        } catch (IOException failed) {
            problem = "forcing " + file + " failed (" + failed.getMessage()
                    + "); nothing is written until the server is started again with a disk that takes it";
            throw new UncheckedIOException(failed);
        } finally {
            forcing.unlock();
        }
    }

    /** Why nothing is forced any more, if the disk failed to; empty while all is well. */
    public Optional<String> findProblem() {
        return Optional.ofNullable(problem);
    }

    /** Whether a file was there when this journal was opened. */
    public boolean isInherited(Path journalFile) {
        return number(journalFile) < first;
    }

    /** How many records the present file has. */
    public int size() {
        return records.get();
    }

    /** Forces the present file, starts a new one and gives all older files, oldest first. */
    public List<Path> rotate() throws IOException {
        forcing.lock();
        appending.lock();
        try {
            channel.force(true);
            Path next = path(number + 1);
            FileChannel begun = begin(next);
            channel.close();
            forced = written.get();
            number++;
            file = next;
            channel = begun;
            position = channel.size();
            zeroed = 0;
            records.set(0);
            return files(folder).stream().filter(older -> !older.equals(file)).toList();
        } finally {
            appending.unlock();
            forcing.unlock();
        }
    }

    /** Forces what is there; an empty file leaves. */
    @Override
    public void close() throws IOException {
        forcing.lock();
        appending.lock();
        try {
            channel.truncate(position);
            channel.force(true);
            channel.close();
            if (records.get() == 0) {
                Files.deleteIfExists(file);
            }
        } finally {
            appending.unlock();
            forcing.unlock();
        }
    }

    /** Reads one file's records in order. */
    public static void replay(Path file, Visitor visitor) throws IOException {
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16))) {
            if (!skipHeader(in)) {
                return;
            }
            while (true) {
                int length = in.readInt();
                if (length < 1 || length > MAX_BODY) {
                    return;
                }
                byte[] body = in.readNBytes(length);
                if (body.length < length || in.readInt() != checksum(body)) {
                    return;
                }
                visit(body, visitor);
            }
        } catch (EOFException cutShort) {
            // the process or the machine stopped while this record was written
        }
    }

    /** Whether a file was begun in this start of the machine, so that no power cut can have hurt what it tells of. */
    static boolean isOfBoot(Path file, String boot) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = (MAGIC + boot + "\n").getBytes(StandardCharsets.UTF_8);
            return Arrays.equals(in.readNBytes(header.length), header);
        }
    }

    private static boolean skipHeader(InputStream in) throws IOException {
        for (int count = 0; count < 200; count++) {
            int next = in.read();
            if (next == '\n') {
                return true;
            }
            if (next < 0) {
                return false;
            }
        }
        return false;
    }

    private static void visit(byte[] body, Visitor visitor) throws IOException {
        byte[] content = Arrays.copyOfRange(body, 1, body.length);
        switch (body[0]) {
            case 'b' -> visitor.object(ObjectStore.Type.BLOB, content);
            case 't' -> visitor.object(ObjectStore.Type.TREE, content);
            case 'c' -> visitor.object(ObjectStore.Type.COMMIT, content);
            case 'r' -> visitor.moved(moves(new String(content, StandardCharsets.UTF_8)));
            case 'p' -> visitor.published(moves(new String(content, StandardCharsets.UTF_8)));
            default -> throw new IOException("no record of a journal starts with the byte " + body[0]);
        }
    }

    private static List<RefMove> moves(String lines) {
        return lines.lines()
                .map(line -> line.split(" ", -1))
                .map(parts -> new RefMove(
                        parts[0], parts[1].equals("-") ? null : parts[1], parts[2].equals("-") ? null : parts[2]))
                .toList();
    }

    /** What a force failed for may be gone though the next one says it is there: nothing is asked for a second time. */
    private void requireSound() {
        findProblem().ifPresent(why -> {
            throw new Refusal("read-only", why);
        });
    }

    private void append(byte kind, byte[] content) {
        ByteBuffer record = ByteBuffer.allocate(content.length + 9);
        record.putInt(content.length + 1).put(kind).put(content);
        record.putInt(checksum(record.array(), 4, content.length + 1)).flip();
        appending.lock();
        try {
            writeAhead(record.limit());
            long at = position;
            while (record.hasRemaining()) {
                at += channel.write(record, at);
            }
            position = at;
            written.addAndGet(record.limit());
            records.incrementAndGet();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            appending.unlock();
        }
    }

    private void writeAhead(int length) throws IOException {
        if (position + length > zeroed) {
            long at = position + length;
            ByteBuffer zeros = ByteBuffer.allocate(AHEAD);
            while (zeros.hasRemaining()) {
                at += channel.write(zeros, at);
            }
            zeroed = at;
        }
    }

    private static int checksum(byte[] body) {
        return checksum(body, 0, body.length);
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }

    private Path path(int fileNumber) {
        return folder.resolve("%08d".formatted(fileNumber));
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString());
    }

    private FileChannel begin(Path newFile) throws IOException {
        FileChannel opened = FileChannel.open(newFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean whole = false;
        try {
            opened.write(ByteBuffer.wrap((MAGIC + boot + "\n").getBytes(StandardCharsets.UTF_8)));
            opened.force(true);
            Disk.forceFolder(folder);
            whole = true;
            return opened;
        } finally {
            if (!whole) {
                opened.close();
                Files.delete(newFile);
            }
        }
    }

    /** Is told the records of a journal. */
    public interface Visitor {
        void object(ObjectStore.Type type, byte[] bytes) throws IOException;

        void moved(List<RefMove> moves) throws IOException;

        void published(List<RefMove> moves) throws IOException;
    }
}
