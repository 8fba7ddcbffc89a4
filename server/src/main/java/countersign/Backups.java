package countersign;

import countersign.codec.Refusal;
import countersign.data.RunningBackup;
import countersign.log.Checkpoint;
import countersign.web.BackupRoutes;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Backups as the API tells of them. */
final class Backups implements BackupRoutes.Backups {
    private final Optional<RunningBackup> backup;

    private Backups(Optional<RunningBackup> backup) {
        this.backup = backup;
    }

    /** @param into where backups go; null for nowhere */
    static Backups of(RunningBackup.Parts parts, @Nullable Path into) {
        return new Backups(Optional.ofNullable(into).map(folder -> new RunningBackup(parts, folder)));
    }

    @Override
    public void start(String name) {
        backup().start(name);
    }

    @Override
    public BackupRoutes.BackupView get(String name) {
        RunningBackup.Progress progress = backup().get(name);
        if (progress instanceof RunningBackup.Complete complete) {
            return new BackupRoutes.BackupView(name, "complete", null, content(complete));
        }
        if (progress instanceof RunningBackup.Failed failed) {
            return new BackupRoutes.BackupView(name, "failed", failed.reason(), null);
        }
        return new BackupRoutes.BackupView(name, "working", null, null);
    }

    /** Waits for a backup that is being made. */
    void finish() {
        backup.ifPresent(RunningBackup::finish);
    }

    private RunningBackup backup() {
        return backup.orElseThrow(() -> new Refusal(
                "no-backup-folder",
                "this server was started without a folder for backups",
                "start it with countersign serve --backups FOLDER"));
    }

    private static BackupRoutes.Content content(RunningBackup.Complete backup) {
        Checkpoint log = backup.log();
        return new BackupRoutes.Content(
                backup.folder().toString(),
                backup.main(),
                log.size(),
                log.root().toString(),
                backup.database());
    }
}
