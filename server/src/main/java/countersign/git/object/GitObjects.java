package countersign.git.object;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.object.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a JGit repository. Thread-safe. With a journal, what is put goes there and into memory, where it is
 * pending until {@link #settle} is told that files have it; without one it becomes a loose object at once.
 */
public final class GitObjects implements ObjectStore {
    /** Whether bytes that are read are held against the id they were asked by. */
    public enum Reading {
        TRUSTING,
        CHECKING
    }

    private final FileRepository repository;
    private final LooseObjects loose;
    private final @Nullable Journal journal;
    private final Reading reading;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final ReadWriteLock writing = new ReentrantReadWriteLock();

    public GitObjects(FileRepository repository, @Nullable Journal journal, Reading reading) {
        this.repository = repository;
        this.loose = new LooseObjects(repository.getObjectsDirectory().toPath());
        this.journal = journal;
        this.reading = reading;
    }

    @Override
    public Optional<byte[]> find(Type type, String id, int maxBytes) {
        if (!ObjectId.isId(id)) {
            return Optional.empty();
        }
        try (ObjectReader reader = newReader()) {
            ObjectLoader loader = reader.open(ObjectId.fromString(id), code(type));
            if (loader.getSize() > maxBytes) {
                throw new Refusal(
                        "too-large", "at most " + maxBytes + " bytes are read, " + id + " has " + loader.getSize());
            }
            byte[] bytes = loader.getCachedBytes(maxBytes);
            check(type, id, bytes);
            return Optional.of(bytes.clone());
        } catch (MissingObjectException | IncorrectObjectTypeException absent) {
            return Optional.empty();
        } catch (IOException failed) {
            throw unreadable(id, failed);
        }
    }

    /** The bytes of an object that is there. */
    public byte[] get(Type type, String id) {
        return find(type, id, Integer.MAX_VALUE)
                .orElseThrow(() -> new Refusal("corrupt-object", "the " + type.word() + " " + id + " is missing"));
    }

    @Override
    public boolean holds(Type type, String id) {
        if (!ObjectId.isId(id)) {
            return false;
        }
        try (ObjectReader reader = newReader()) {
            return reader.open(ObjectId.fromString(id), code(type)).getType() == code(type);
        } catch (MissingObjectException | IncorrectObjectTypeException absent) {
            return false;
        } catch (IOException failed) {
            throw unreadable(id, failed);
        }
    }

    @Override
    public String put(Type type, byte[] bytes) {
        if (reading == Reading.CHECKING) {
            throw new UnsupportedOperationException("the repository was opened for reading");
        }
        try {
            return journal == null ? loose.write(type.word(), bytes) : whileWriting(() -> keep(journal, type, bytes));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Sha256 digest(String blobId) {
        MessageDigest digest = Sha256.newDigest();
        MessageDigest id = Constants.newMessageDigest();
        try (ObjectReader reader = newReader();
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            ObjectLoader loader = reader.open(ObjectId.fromString(blobId), Constants.OBJ_BLOB);
            if (reading == Reading.TRUSTING) {
                loader.copyTo(out);
            } else {
                id.update(header(Type.BLOB, loader.getSize()));
                loader.copyTo(new DigestOutputStream(out, id));
                requireSame(Type.BLOB, blobId, HexFormat.of().formatHex(id.digest()));
            }
            return Sha256.ofDigest(digest.digest());
        } catch (MissingObjectException | IncorrectObjectTypeException absent) {
            throw noSuchFile(blobId);
        } catch (IOException failed) {
            throw unreadable(blobId, failed);
        }
    }

    /** A reader for JGit that sees pending objects too. */
    public ObjectReader newReader() {
        return new PendingReader(this, repository.newObjectReader());
    }

    @Nullable
    Pending pending(String id) {
        return pending.get(id);
    }

    /** What has no file yet. */
    public Map<String, Pending> pending() {
        return Map.copyOf(pending);
    }

    public int pendingCount() {
        return pending.size();
    }

    /** Writes pending objects as loose ones, which nobody forces. */
    public void writeLoose(Map<String, Pending> some) throws IOException {
        for (Pending object : some.values()) {
            loose.write(object.type.word(), object.bytes);
        }
    }

    /** Forgets pending objects that files have now. */
    public void settle(Iterable<String> ids) {
        ids.forEach(pending::remove);
    }

    /** Appends to the journal and to memory, while no round of files begins. */
    public <T> T whileWriting(Step<T> step) throws IOException {
        writing.readLock().lock();
        try {
            return step.run();
        } finally {
            writing.readLock().unlock();
        }
    }

    /** Runs something while nobody is between the journal and memory. */
    public <T> T whileNobodyWrites(Step<T> step) throws IOException {
        writing.writeLock().lock();
        try {
            return step.run();
        } finally {
            writing.writeLock().unlock();
        }
    }

    public static int code(Type type) {
        return switch (type) {
            case BLOB -> Constants.OBJ_BLOB;
            case TREE -> Constants.OBJ_TREE;
            case COMMIT -> Constants.OBJ_COMMIT;
        };
    }

    public static String idOf(Type type, byte[] bytes) {
        return LooseObjects.id(header(type, bytes.length), bytes);
    }

    private static byte[] header(Type type, long length) {
        return (type.word() + " " + length + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private String keep(Journal to, Type type, byte[] bytes) {
        String id = idOf(type, bytes);
        if (!pending.containsKey(id)) {
            byte[] own = bytes.clone();
            to.append(type, own);
            pending.put(id, new Pending(type, own));
        }
        return id;
    }

    private void check(Type type, String id, byte[] bytes) {
        if (reading == Reading.CHECKING) {
            requireSame(type, id, idOf(type, bytes));
        }
    }

    private static void requireSame(Type type, String id, String actual) {
        if (!actual.equals(id)) {
            throw new Refusal("corrupt-object", "the bytes stored as " + type.word() + " " + id + " have another id");
        }
    }

    private static Refusal noSuchFile(String blobId) {
        return new Refusal("no-such-file", "the repository holds no blob " + blobId);
    }

    /** What to throw if an object, or one that it leads to, can't be read. */
    RuntimeException unreadable(String id, IOException failed) {
        if (reading == Reading.CHECKING) {
            return new Refusal("corrupt-object", "the object " + id + " cannot be read: " + failed.getMessage());
        }
        return new UncheckedIOException(failed);
    }

    /** An object that has no file yet; its bytes are never changed. */
    public record Pending(Type type, byte[] bytes) {}

    /** Something that reads or writes files. */
    public interface Step<T> {
        T run() throws IOException;
    }
}
