package countersign.target;

import countersign.codec.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Targets that are folders of this machine. Programs there read {@code <root>/<address>/<system>/current/…}; whoever
 * resolves {@code current} once reads one whole release. Old releases stay as backups. Thread-safe: one step at a time.
 * Needs a file system with symbolic links and POSIX permissions.
 */
public final class DirectoryDriver implements Driver {
    private final TargetRoot root;

    /** A driver of all targets below one folder, which is made at the first step. */
    public DirectoryDriver(Path root) {
        this.root = new TargetRoot(root.toAbsolutePath().normalize());
    }

    @Override
    public String name() {
        return "directory";
    }

    @Override
    public synchronized TargetState observe(Location location) {
        return wrapping(() -> standing(unit(location)));
    }

    @Override
    public synchronized Optional<byte[]> read(Location location, String path, int maxBytes) {
        return wrapping(() -> {
            Location.partsOf(path);
            UnitFolder unit = unit(location);
            Optional<String> name = unit.findCurrent();
            return name.isEmpty() ? Optional.empty() : read(unit.path(name.get()), path, maxBytes);
        });
    }

    @Override
    public Optional<Space> space(Location location) {
        return Optional.of(wrapping(() -> FileSystemSpace.of(root.folderOf(location))));
    }

    @Override
    public synchronized Backup backup(Release release) {
        return wrapping(() -> {
            UnitFolder unit = unit(release.location());
            requireSame(release.location(), release.before(), standing(unit));
            Optional<String> name = unit.findCurrent();
            if (name.isEmpty()) {
                return new Backup("nothing", TargetState.NOTHING);
            }
            return new Backup(name.get(), verified(unit, name.get()));
        });
    }

    @Override
    public synchronized void stage(Release release) {
        wrapping(() -> {
            UnitFolder unit = new UnitFolder(root.claim(release.location()));
            return standing(unit).same(release.after()) ? "standing" : unit.write(release);
        });
    }

    @Override
    public synchronized Activation activate(Release release) {
        return wrapping(() -> {
            UnitFolder unit = unit(release.location());
            TargetState standing = standing(unit);
            if (standing.same(release.after())) {
                return Activation.ALREADY_STANDING;
            }
            requireSame(release.location(), release.before(), standing);
            String staged = unit.findStaged(release.after())
                    .orElseThrow(() -> new IllegalStateException("not staged for " + release.location()));
            verified(unit, staged);
            unit.flip(staged);
            unit.prune(release.backups());
            return Activation.ACTIVATED;
        });
    }

    @Override
    public synchronized TargetState restore(Location location, TargetState undone) {
        return wrapping(() -> {
            UnitFolder unit = unit(location);
            requireSame(location, undone, standing(unit));
            String standing = unit.findCurrent()
                    .orElseThrow(() -> new Refusal("no-backup", "nothing was ever activated for " + location));
            UnitFolder.Memory memory = unit.remember(standing);
            if (!memory.state().same(undone)) {
                throw new Refusal("no-backup", undone + " stands at " + location + " and was never activated there");
            }
            String previous = memory.previous();
            if (previous == null) {
                unit.unlink();
            } else {
                verified(unit, previous);
                unit.flip(previous);
            }
            return standing(unit);
        });
    }

    private UnitFolder unit(Location location) {
        return new UnitFolder(root.folderOf(location));
    }

    private static TargetState standing(UnitFolder unit) throws IOException {
        Optional<String> name = unit.findCurrent();
        return name.isPresent() ? unit.observe(name.get()) : TargetState.NOTHING;
    }

    private static void requireSame(Location location, TargetState expected, TargetState standing) {
        if (!standing.same(expected)) {
            throw TargetState.drifted(location, expected, standing);
        }
    }

    private static TargetState verified(UnitFolder unit, String name) throws IOException {
        TargetState recorded = unit.remember(name).state();
        TargetState found = unit.observe(name);
        if (!found.same(recorded)) {
            throw new Refusal(
                    "backup-damaged",
                    "release " + name + " was written as " + recorded + " and is now " + found + "; differing: "
                            + String.join(", ", recorded.differingPaths(found)));
        }
        return found;
    }

    private static Optional<byte[]> read(Path release, String path, int maxBytes) throws IOException {
        Path file = release.resolve(path);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || !file.toRealPath().startsWith(release.toRealPath())) {
            return Optional.empty();
        }
        try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = input.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new Refusal("too-large", path + " has more than " + maxBytes + " bytes");
            }
            return Optional.of(bytes);
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T wrapping(Step<T> step) {
        try {
            return step.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
