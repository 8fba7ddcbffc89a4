package countersign.git;

import countersign.git.object.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A copy of a repository that is in use, made in two steps: first the objects while everybody works, then the rest for a
 * moment in which no file changes, which is short however large the repository is. Neither the journal nor what is being
 * received is copied: what has files needs neither. Its files are not forced. For one thread.
 */
public final class RepositoryCopy {
    /** Loose objects, and packs with what stands beside them; their content never changes under a name. */
    private static final Pattern OBJECT =
            Pattern.compile("objects/(?:[0-9a-f]{2}/[0-9a-f]{38}|pack/pack-[0-9a-f]+\\.[a-z]+)");

    private final Path from;
    private final Path to;
    private final GitRepository repository;

    private RepositoryCopy(Path from, Path to, GitRepository repository) {
        this.from = from;
        this.to = to;
        this.repository = repository;
    }

    static RepositoryCopy start(Path from, Path to, GitRepository repository) throws IOException {
        RepositoryCopy copy = new RepositoryCopy(from, to, repository);
        copy.gather();
        return copy;
    }

    /**
     * Completes the copy, which then may be opened where it is.
     *
     * @param moment is run at the moment that the copy shows; what was written and moved before is in it
     * @return what the moment gave
     */
    public <T> T finish(Supplier<T> moment) {
        return repository.whileStill(() -> {
            T seen = moment.get();
            complete();
            return seen;
        });
    }

    /** Copies the objects that are there; some may be moved into other packs meanwhile. */
    private void gather() throws IOException {
        Files.createDirectories(to);
        for (Path file : files(from)) {
            if (isObject(file)) {
                try {
                    copy(file);
                } catch (NoSuchFileException merged) {
                    Files.deleteIfExists(to.resolve(file));
                }
            }
        }
    }

    /** Copies all that is missing, refs included, and takes out what is gone. */
    private void complete() throws IOException {
        for (Path file : files(to)) {
            if (!Files.exists(from.resolve(file))) {
                Files.delete(to.resolve(file));
            }
        }
        for (Path file : files(from)) {
            if (!Files.exists(to.resolve(file))) {
                copy(file);
            }
        }
        Files.createDirectories(to.resolve("refs"));
        Files.createDirectories(to.resolve("objects"));
    }

    private void copy(Path file) throws IOException {
        Path copied = to.resolve(file);
        Files.createDirectories(copied.getParent());
        Files.copy(from.resolve(file), copied);
    }

    /** What a repository consists of, relative to its folder. */
    private static List<Path> files(Path root) throws IOException {
        return Disk.walk(root).stream()
                .filter(Files::isRegularFile)
                .map(root::relativize)
                .filter(file -> isObject(file) || isSetting(file))
                .toList();
    }

    private static boolean isObject(Path file) {
        return OBJECT.matcher(file.toString()).matches();
    }

    private static boolean isSetting(Path file) {
        String first = file.getName(0).toString();
        boolean elsewhere = first.equals("objects") || first.equals("countersign");
        return !elsewhere && !file.toString().endsWith(".lock");
    }
}
