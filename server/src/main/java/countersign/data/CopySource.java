package countersign.data;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.git.GitRepository;
import countersign.log.Checkpoint;
import countersign.log.LogEntry;
import countersign.log.LogTrust;
import countersign.log.RecordLog;
import countersign.log.copy.LogReader;
import countersign.log.tile.TileSource;
import countersign.merge.LogMirror;
import countersign.merge.founding.Original;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Where a copy is made from: a backup or the data folder of a stopped server, or a clone that carries the record log. */
public final class CopySource {
    private static final int MAX_TILE = 32 << 20;

    private final DocumentReader documents;
    private final InstantSource clock;

    public CopySource(DocumentReader documents, InstantSource clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /**
     * Does something with an original while nobody writes to it.
     *
     * @param commit the commit, or the beginning of its id; empty for the last merge
     */
    public <T> T read(Path from, Optional<String> commit, Function<Original, T> work) {
        DataFolder folder = new DataFolder(from);
        return Files.isDirectory(folder.repository())
                ? folder.whileLocked(() -> ofFolder(folder, commit, work))
                : ofClone(from, commit, work);
    }

    private <T> T ofFolder(DataFolder folder, Optional<String> commit, Function<Original, T> work) {
        ServerKeys keys = ServerKeys.read(folder.keys());
        try (GitRepository repository = GitRepository.open(folder.repository());
                RecordLog log = RecordLog.open(folder.log(), keys.signers(), clock)) {
            Checkpoint seen = log.checkpoint();
            return work.apply(Original.of(
                    repository, documents, log.entries(0, seen.size()).map(LogEntry::parse), seen, commit));
        }
    }

    private <T> T ofClone(Path clone, Optional<String> commit, Function<Original, T> work) {
        try (Repository repository = GitRepository.openForReading(clone)) {
            LogReader.Verified log = log(repository, clone).verify();
            return work.apply(Original.of(
                    repository, documents, log.entries().map(LogReader.Entry::parse), log.checkpoint(), commit));
        }
    }

    private LogReader log(Repository clone, Path folder) {
        Snapshot tiles = clone.snapshot(tip(clone, folder, LogMirror.BRANCH));
        RepositorySettings main = RepositorySettings.of(clone.snapshot(tip(clone, folder, Repository.MAIN)), documents);
        TileSource source = path -> tiles.find(path).map(entry -> tiles.read(path, MAX_TILE));
        return new LogReader(source, new LogTrust(main.origin(), main.logKeys(), main.cosigners(), main.witnesses()));
    }

    private static String tip(Repository clone, Path folder, String branch) {
        return clone.findRef(branch)
                .orElseThrow(() -> new Refusal(
                        "no-log-branch",
                        folder + " has no " + branch,
                        "name a backup, or a clone of all branches (git clone --mirror)"));
    }
}
