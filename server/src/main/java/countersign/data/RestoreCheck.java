package countersign.data;

import countersign.codec.Refusal;
import countersign.git.GitRepository;
import countersign.log.Checkpoint;
import countersign.log.RecordLog;
import countersign.log.tile.TileSource;
import countersign.merge.LogMirror;
import countersign.repository.Repository;
import countersign.signing.SignedNote;
import java.nio.file.Path;
import java.time.InstantSource;

/** Notices a backup that would fork history: one whose log does not extend what others remember (PROTOCOL §7). */
public final class RestoreCheck {
    private static final int MAX_CHECKPOINT = 64 << 10;

    private RestoreCheck() {}

    /** Refuses a backup whose log is older than, or differs from, the log that a clone carries. */
    public static void requireNotBehind(DataFolder backup, Path clone, InstantSource clock) {
        Checkpoint remembered;
        try (Repository repository = GitRepository.openForReading(clone)) {
            String branch = repository
                    .findRef(LogMirror.BRANCH)
                    .orElseThrow(() -> new Refusal("no-log-branch", clone + " has no branch countersign/log"));
            byte[] note = repository.snapshot(branch).read(TileSource.CHECKPOINT, MAX_CHECKPOINT);
            remembered = Checkpoint.parse(SignedNote.parse(note).text());
        }
        ServerKeys keys = ServerKeys.read(backup.keys());
        try (RecordLog log = RecordLog.open(backup.log(), keys.signers(), clock)) {
            if (log.size() < remembered.size() || !log.root(remembered.size()).equals(remembered.root())) {
                throw new Refusal(
                        "restore-would-fork",
                        "the backup's log has " + log.size() + " entries, the clone " + clone + " remembers "
                                + remembered.size() + " with root " + remembered.root(),
                        "use a newer backup; a server that signs less than others remember forks history");
            }
        }
    }
}
