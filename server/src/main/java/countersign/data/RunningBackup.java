package countersign.data;

import countersign.codec.Refusal;
import countersign.codec.disk.DiskFailure;
import countersign.git.GitRepository;
import countersign.git.RepositoryCopy;
import countersign.git.object.Disk;
import countersign.log.Checkpoint;
import countersign.log.LogCopy;
import countersign.log.RecordLog;
import countersign.merge.MergeLock;
import countersign.repository.Repository;
import countersign.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the data folder of a server that runs, as it stands at one moment. Merges wait for that moment only; everything
 * else goes on. Thread-safe; one backup at a time.
 *
 * <p>The order makes the copy whole: the database first, because it follows the log and may be behind it; then, while no
 * merge happens, the repository and the length of the log, so that {@code main} is the log's last merge.
 */
public final class RunningBackup {
    private static final Logger LOG = LoggerFactory.getLogger(RunningBackup.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String UNFINISHED = ".unfinished";
    private static final int REMEMBERED = 100;

    private final Parts parts;
    private final Path into;
    private final Map<String, Progress> made = new LinkedHashMap<>();
    private @Nullable Thread working;

    /**
     * What is copied.
     *
     * @param folder the data folder
     * @param merges the lock that merges hold
     * @param activity writes a copy of the activity log into a folder
     */
    public record Parts(
            DataFolder folder,
            GitRepository repository,
            RecordLog log,
            Database database,
            MergeLock merges,
            Consumer<Path> activity) {}

    /** How far a backup is. */
    public sealed interface Progress {}

    /** It is being made. */
    public record Working() implements Progress {}

    /** It failed and left nothing behind. */
    public record Failed(String reason) implements Progress {}

    /**
     * It is complete and on the disk.
     *
     * @param folder where it stands
     * @param main commit of main in it
     * @param log what its log's checkpoint says
     * @param database whether it holds the database; false where that is elsewhere
     */
    public record Complete(Path folder, String main, Checkpoint log, boolean database) implements Progress {}

    /** @param into the folder that backups are put into */
    public RunningBackup(Parts parts, Path into) {
        this.parts = parts;
        this.into = into;
    }

    /**
     * Begins a backup on a thread of its own. Refuses with {@code malformed-backup-name}, {@code backup-exists} and, while
     * another one is made, {@code busy}.
     */
    public synchronized void start(String name) {
        if (!NAME.matcher(name).matches() || name.endsWith(UNFINISHED)) {
            throw new Refusal(
                    "malformed-backup-name",
                    "a backup can't be called \"" + name + "\"",
                    "take letters, digits, dots and dashes, 64 at most");
        }
        if (Files.exists(into.resolve(name))) {
            throw new Refusal("backup-exists", "there is a backup " + name + " already", "name another");
        }
        if (working != null && working.isAlive()) {
            throw new Refusal("busy", "another backup is being made", "ask again when it is done");
        }
        remember(name, new Working());
        working = new Thread(() -> run(name), "backup");
        working.setDaemon(true);
        working.start();
    }

    /** How far a backup is that was begun since the server was started. */
    public synchronized Progress get(String name) {
        Progress progress = made.get(name);
        if (progress == null) {
            throw new Refusal("no-such-backup", "no backup " + name + " was begun since the server was started");
        }
        return progress;
    }

    /** Waits for a backup that is being made. */
    public void finish() {
        Thread last;
        synchronized (this) {
            last = working;
        }
        if (last != null) {
            try {
                last.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run(String name) {
        try {
            remember(name, make(into.resolve(name + UNFINISHED), into.resolve(name)));
        } catch (Refusal | UncheckedIOException | IllegalStateException failed) {
            LOG.error("the backup {} failed", name, failed);
            remember(name, new Failed(reason(failed)));
        }
    }

    private String reason(RuntimeException failed) {
        return DiskFailure.find(failed)
                .map(disk -> into + " did not take it: " + disk.message() + "; nothing of it was left there")
                .orElse(String.valueOf(failed.getMessage()));
    }

    private synchronized void remember(String name, Progress progress) {
        made.put(name, progress);
        if (made.size() > REMEMBERED) {
            made.remove(made.keySet().iterator().next());
        }
    }

    private Complete make(Path unfinished, Path whole) {
        boolean complete = false;
        try {
            deleteUnfinished();
            Complete backup = fill(new DataFolder(unfinished));
            DataCopy.force(unfinished);
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
            Disk.forceFolder(into);
            complete = true;
            return new Complete(whole, backup.main, backup.log, backup.database);
        } catch (IOException failed) {
            throw new UncheckedIOException("the backup could not be written to " + into, failed);
        } finally {
            if (!complete && Files.exists(unfinished)) {
                DataCopy.delete(unfinished);
            }
        }
    }

    private Complete fill(DataFolder copy) throws IOException {
        copy.create();
        Files.createDirectories(copy.database());
        boolean database = parts.database.copyTo(copy.database());
        RepositoryCopy repository = parts.repository.startCopy(copy.repository());
        Moment moment = parts.merges.hold(() -> repository.finish(this::moment));
        moment.log.writeTo(copy.log());
        parts.activity.accept(copy.activity());
        DataCopy.copy(parts.folder.keys(), copy.keys());
        if (Files.isDirectory(parts.folder.targets())) {
            DataCopy.copyMoving(parts.folder.targets(), copy.targets());
        }
        return new Complete(copy.path(), moment.main, moment.log.checkpoint(), database);
    }

    private Moment moment() {
        return new Moment(parts.repository.findRef(Repository.MAIN).orElseThrow(), parts.log.copy());
    }

    private record Moment(String main, LogCopy log) {}

    /** What a server that was killed while it made a backup left. */
    private void deleteUnfinished() throws IOException {
        Files.createDirectories(into);
        try (Stream<Path> children = Files.list(into)) {
            List<Path> left = children.filter(
                            child -> child.getFileName().toString().endsWith(UNFINISHED))
                    .toList();
            left.forEach(DataCopy::delete);
        }
    }
}
