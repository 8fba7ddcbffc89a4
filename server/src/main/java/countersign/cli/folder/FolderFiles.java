package countersign.cli.folder;

import countersign.cli.remote.Subprocess;
import countersign.codec.Refusal;
import countersign.document.ContentRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The files of a folder as a repository would hold them. At the top of a working copy that is what Git tracks or would
 * add; elsewhere every file but those of {@code .git}.
 *
 * @param root the folder
 * @param paths paths below it with slashes, sorted
 */
record FolderFiles(Path root, List<String> paths) {
    private static final int MAX_FILES = 200_000;

    FolderFiles {
        paths = List.copyOf(paths);
    }

    /** Refuses {@code no-such-folder} and more than 200,000 files. */
    static FolderFiles of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new Refusal("no-such-folder", folder + " is not a folder");
        }
        return new FolderFiles(folder, Files.exists(folder.resolve(".git")) ? tracked(folder) : walk(folder));
    }

    /** True if the file is one: no symbolic link, pipe or device. */
    boolean isPlain(String path) {
        return Files.isRegularFile(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    /** The bytes of a file, one more than its kind of path allows at most. */
    byte[] read(String path) {
        try (InputStream in = Files.newInputStream(root.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(ContentRules.maxBytes(path) + 1);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + root.resolve(path), failed);
        }
    }

    private static List<String> tracked(Path folder) {
        Subprocess.Result result =
                Subprocess.git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
        if (result.code() != 0) {
            return walk(folder);
        }
        return result.output()
                .lines()
                .flatMap(line -> List.of(line.split("\0", -1)).stream())
                .filter(path -> !path.isEmpty() && Files.exists(folder.resolve(path), LinkOption.NOFOLLOW_LINKS))
                .sorted()
                .distinct()
                .collect(Collectors.toList());
    }

    private static List<String> walk(Path folder) {
        TreeSet<String> paths = new TreeSet<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    return path.endsWith(".git") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    if (paths.size() >= MAX_FILES) {
                        throw new Refusal("too-many-files", folder + " holds more than " + MAX_FILES + " files");
                    }
                    paths.add(folder.relativize(path).toString().replace('\\', '/'));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + folder, failed);
        }
        return List.copyOf(paths);
    }
}
