package countersign.data;

import countersign.codec.Refusal;
import countersign.git.object.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies and deletes whole folders. */
public final class DataCopy {
    private DataCopy() {}

    /** Copies a folder to a place where nothing stands. */
    public static void copy(Path from, Path to) {
        if (Files.exists(to)) {
            throw new Refusal("backup-exists", to + " already exists", "name a new folder");
        }
        try {
            Files.createDirectories(to);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        copyInto(from, to);
    }

    /**
     * Refuses a data folder or a backup with links or special files but for those of its targets: its copy would lack what
     * they lead to, or write there.
     */
    public static void requirePlain(DataFolder folder) {
        try (Stream<Path> walk = Files.walk(folder.path().toRealPath())) {
            Path targets = folder.path().toRealPath().resolve(folder.path().relativize(folder.targets()));
            walk.filter(path -> !path.startsWith(targets) && !isPlain(path))
                    .findFirst()
                    .ifPresent(path -> {
                        throw new Refusal(
                                "not-a-plain-file",
                                path + " is a link or a special file, which no backup keeps",
                                "put there what it leads to");
                    });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean isPlain(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Copies what is in a folder, or in the folder that a link leads to, into one that exists and is empty. */
    public static void copyInto(Path folder, Path to) {
        try {
            copyAll(folder.toRealPath(), to);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            List<Path> all = walk.filter(path -> !path.equals(from)).toList();
            for (Path path : all) {
                if (path.getFileName().toString().equals("lock") && from.equals(path.getParent())) {
                    continue;
                }
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Copies a folder whose files come and go: what is gone when its turn comes is left out, links come first. */
    static void copyMoving(Path from, Path to) {
        try {
            Files.createDirectories(to);
            for (boolean links : List.of(true, false)) {
                for (Path path : Disk.walk(from)) {
                    if (Files.isSymbolicLink(path) == links) {
                        copyIfThere(path, to.resolve(from.relativize(path)));
                    }
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void copyIfThere(Path from, Path to) throws IOException {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(to);
            return;
        }
        Files.createDirectories(to.getParent());
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(to);
        }
    }

    /** Forces a folder and everything in it to the disk. */
    static void force(Path folder) throws IOException {
        for (Path path : Disk.walk(folder)) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Disk.forceFolder(path);
            } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                Disk.forceFile(path);
            }
        }
        Disk.forceFolder(folder);
    }

    public static void delete(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
