package countersign.merge;

import countersign.log.Checkpoint;
import countersign.log.RecordLog;
import countersign.log.copy.MirrorUpdate;
import countersign.log.tile.TileSource;
import countersign.repository.Commit;
import countersign.repository.CommitDraft;
import countersign.repository.Edit;
import countersign.repository.FileMode;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.signing.SignedNote;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies the record log to the branch {@value #BRANCH}, so that a plain clone carries it (PROTOCOL §4.2). Each
 * publication is one commit with what is new since the last. Thread-safe: one publication at a time.
 */
public final class LogMirror {
    public static final String BRANCH = "refs/heads/countersign/log";
    private static final int MAX_CHECKPOINT = 64 << 10;

    private final Repository repository;
    private final RecordLog log;
    private final InstantSource clock;

    public LogMirror(Repository repository, RecordLog log, InstantSource clock) {
        this.repository = repository;
        this.log = log;
        this.clock = clock;
    }

    /** Brings the branch up to date; does nothing if it is. */
    public synchronized void publish() {
        Optional<String> tip = repository.findRef(BRANCH);
        long published = tip.map(repository::snapshot).map(LogMirror::published).orElse(0L);
        if (published == log.size()) {
            return;
        }
        MirrorUpdate update = MirrorUpdate.since(published, log);
        Map<String, Edit> edits = new HashMap<>();
        update.removed().forEach(path -> edits.put(path, new Edit.Delete()));
        update.written().forEach(path -> edits.put(path, new Edit.Write(FileMode.REGULAR, update.bytes(path))));
        String before = tip.map(commit -> repository.getCommit(commit).treeId()).orElse(null);
        Commit.Identity server = new Commit.Identity(
                "Countersign", "server@countersign.invalid", clock.instant().truncatedTo(ChronoUnit.SECONDS));
        String commit = repository.commit(new CommitDraft(
                repository.edit(before, edits),
                tip.stream().toList(),
                server,
                server,
                "Record log up to entry " + update.checkpoint().size() + "\n"));
        repository.moveRefs(List.of(new Repository.RefMove(BRANCH, tip.orElse(null), commit)));
    }

    private static long published(Snapshot snapshot) {
        byte[] note = snapshot.read(TileSource.CHECKPOINT, MAX_CHECKPOINT);
        return Checkpoint.parse(SignedNote.parse(note).text()).size();
    }
}
