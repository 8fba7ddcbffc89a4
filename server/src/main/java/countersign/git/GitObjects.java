package countersign.git;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a JGit repository. Thread-safe. What is put goes to the journal first, if there is one, and then to a
 * loose object that is not forced.
 */
final class GitObjects implements ObjectStore {
    /** Whether bytes that are read are held against the id they were asked by. */
    enum Reading {
        TRUSTING,
        CHECKING
    }

    private final FileRepository repository;
    private final LooseObjects loose;
    private final @Nullable Journal journal;
    private final Reading reading;
    private final ReadWriteLock writing = new ReentrantReadWriteLock();

    GitObjects(FileRepository repository, @Nullable Journal journal, Reading reading) {
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
        try (ObjectReader reader = repository.newObjectReader()) {
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
    byte[] get(Type type, String id) {
        return find(type, id, Integer.MAX_VALUE)
                .orElseThrow(() -> new Refusal("corrupt-object", "the " + type.word() + " " + id + " is missing"));
    }

    @Override
    public boolean holds(Type type, String id) {
        if (!ObjectId.isId(id)) {
            return false;
        }
        try (ObjectReader reader = repository.newObjectReader()) {
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
            return whileWriting(() -> write(type, bytes));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Sha256 digest(String blobId) {
        if (reading == Reading.CHECKING) {
            return find(Type.BLOB, blobId, Integer.MAX_VALUE).map(Sha256::of).orElseThrow(() -> noSuchFile(blobId));
        }
        MessageDigest digest = Sha256.newDigest();
        try (ObjectReader reader = repository.newObjectReader();
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            reader.open(ObjectId.fromString(blobId), Constants.OBJ_BLOB).copyTo(out);
            return Sha256.ofDigest(digest.digest());
        } catch (MissingObjectException | IncorrectObjectTypeException absent) {
            throw noSuchFile(blobId);
        } catch (IOException failed) {
            throw unreadable(blobId, failed);
        }
    }

    /** Writes to the journal and to files, while the journal is not emptied. */
    <T> T whileWriting(Step<T> step) throws IOException {
        writing.readLock().lock();
        try {
            return step.run();
        } finally {
            writing.readLock().unlock();
        }
    }

    /** Runs something while nobody is between writing to the journal and writing the object. */
    <T> T whileNobodyWrites(Step<T> step) throws IOException {
        writing.writeLock().lock();
        try {
            return step.run();
        } finally {
            writing.writeLock().unlock();
        }
    }

    static int code(Type type) {
        return switch (type) {
            case BLOB -> Constants.OBJ_BLOB;
            case TREE -> Constants.OBJ_TREE;
            case COMMIT -> Constants.OBJ_COMMIT;
        };
    }

    static ObjectId idOf(Type type, byte[] bytes) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(code(type), bytes);
        }
    }

    private String write(Type type, byte[] bytes) throws IOException {
        if (journal != null) {
            journal.append(type, bytes);
        }
        return loose.write(type.word(), bytes);
    }

    private void check(Type type, String id, byte[] bytes) {
        if (reading == Reading.CHECKING && !idOf(type, bytes).name().equals(id)) {
            throw new Refusal("corrupt-object", "the bytes stored as " + type.word() + " " + id + " have another id");
        }
    }

    private static Refusal noSuchFile(String blobId) {
        return new Refusal("no-such-file", "the repository holds no blob " + blobId);
    }

    private RuntimeException unreadable(String id, IOException failed) {
        if (reading == Reading.CHECKING) {
            return new Refusal("corrupt-object", "the object " + id + " cannot be read: " + failed.getMessage());
        }
        return new UncheckedIOException(failed);
    }

    /** Something that reads or writes files. */
    interface Step<T> {
        T run() throws IOException;
    }
}
