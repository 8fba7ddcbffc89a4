package countersign.data;

import countersign.codec.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The one folder that holds everything a server keeps.
 *
 * @param path the folder
 */
public record DataFolder(Path path) {
    public Path repository() {
        return path.resolve("repository.git");
    }

    public Path log() {
        return path.resolve("log");
    }

    Path database() {
        return path.resolve("db");
    }

    public Path activity() {
        return path.resolve("activity");
    }

    public Path keys() {
        return path.resolve("keys");
    }

    public Path targets() {
        return path.resolve("targets");
    }

    /** True if nothing stands there yet. */
    boolean isVacant() {
        if (!Files.exists(path)) {
            return true;
        }
        try (Stream<Path> children = Files.list(path)) {
            return children.findAny().isEmpty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Makes the folder, readable by its owner alone. */
    public void create() {
        if (!isVacant()) {
            throw new Refusal("data-folder-not-empty", path + " already holds something", "name an empty folder");
        }
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Takes the folder for this process until the lock is closed; a Refusal {@code data-folder-in-use} otherwise. */
    public FileChannel lock() {
        if (!Files.isDirectory(repository())) {
            throw new Refusal(
                    "no-data-folder", path + " holds no Countersign repository", "run countersign init --data " + path);
        }
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Refusal("data-folder-in-use", path + " is in use by another process", "stop it first");
            }
            return channel;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Does something while no other process has the folder. */
    public <T> T whileLocked(Supplier<T> work) {
        FileChannel channel = lock();
        try {
            return work.get();
        } finally {
            release(channel);
        }
    }

    /** Gives the folder back. */
    public static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }
}
