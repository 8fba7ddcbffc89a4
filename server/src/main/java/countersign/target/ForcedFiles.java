package countersign.target;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.FileMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Files and folders that survive a power cut, and never through a symbolic link. */
final class ForcedFiles {
    private static final int MAX_FILES = 100_000;
    private static final long MAX_FILE_BYTES = 1L << 30;

    private ForcedFiles() {}

    /** Writes a new file with its mode and forces it; its folders are made, and forced by {@link #forceTree}. */
    static void write(Path path, FileMode mode, byte[] bytes) throws IOException {
        Files.createDirectories(parentOf(path));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(mode == FileMode.EXECUTABLE ? "rwxr-xr-x" : "rw-r--r--"));
            channel.force(true);
        }
    }

    /** Replaces a small file, at once for every reader. */
    static void replace(Path path, byte[] bytes) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        Files.deleteIfExists(next);
        write(next, FileMode.REGULAR, bytes);
        move(next, path);
    }

    /** Renames over what stands at {@code to}, and forces the folder. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(parentOf(to));
    }

    /** Makes a folder whose parent exists, and forces the parent; nothing happens if it exists. */
    static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
            force(parentOf(folder));
        }
    }

    /** Forces a folder's own entries. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces the entries of a folder and of all folders below it. */
    static void forceTree(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult postVisitDirectory(Path left, @org.jspecify.annotations.Nullable IOException failed)
                    throws IOException {
                if (failed != null) {
                    throw failed;
                }
                force(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The state of a folder; a Refusal {@code target-drifted} if it holds anything but files and folders. */
    static TargetState observe(Path folder) throws IOException {
        List<TargetState.FileState> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                String name = folder.relativize(path).toString();
                if (!attributes.isRegularFile() || files.size() == MAX_FILES || attributes.size() > MAX_FILE_BYTES) {
                    throw new Refusal(
                            "target-drifted",
                            "no release holds " + name + " in " + folder.getFileName()
                                    + ": a link, a device, a huge file or one too many",
                            "remove it");
                }
                files.add(new TargetState.FileState(name, modeOf(path), digest(path)));
                return FileVisitResult.CONTINUE;
            }
        });
        return TargetState.of(files);
    }

    /** Deletes a folder and what is below it, links as links; nothing happens if it is absent. */
    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Files.delete(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @org.jspecify.annotations.Nullable IOException failed)
                    throws IOException {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The folder that holds a path, which is not a root. */
    static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "a root has no folder");
    }

    /** The names directly in a folder; empty if it is absent. */
    static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
                children.forEach(child -> names.add(child.getFileName().toString()));
            }
        }
        return names;
    }

    private static FileMode modeOf(Path path) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean executable = attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        return executable ? FileMode.EXECUTABLE : FileMode.REGULAR;
    }

    private static Sha256 digest(Path path) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream input = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Sha256.ofDigest(digest.digest());
    }
}
