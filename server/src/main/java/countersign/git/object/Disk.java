package countersign.git.object;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the file system must be told so that a power cut harms nothing. */
public final class Disk {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Disk() {}

    /** Forces a file's bytes and length. */
    public static void forceFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces the names in a folder. */
    public static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Everything below a folder, folders before what is in them; what is deleted meanwhile may be left out. */
    public static List<Path> walk(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return add(directory);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                return add(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            private FileVisitResult add(Path path) {
                if (!path.equals(folder)) {
                    found.add(path);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** Deletes a folder with everything below it; symbolic links are deleted, not followed. */
    public static void deleteFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> below = Files.walk(folder)) {
            deepestFirst = below.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    /**
     * Deletes the locks that a killed process left in a bare repository: on its files and on its refs. Whoever calls it
     * must be the only one that writes there.
     */
    public static void deleteLocks(Path repository) throws IOException {
        List<Path> locks;
        try (Stream<Path> files = Files.list(repository);
                Stream<Path> refs = Files.walk(repository.resolve("refs"))) {
            locks = Stream.concat(files, refs)
                    .filter(path -> path.toString().endsWith(".lock") && Files.isRegularFile(path))
                    .toList();
        }
        for (Path lock : locks) {
            Files.deleteIfExists(lock);
        }
    }

    /** Names the machine's present start; {@code unknown} where the machine does not tell. */
    public static String boot() throws IOException {
        return Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "unknown";
    }
}
