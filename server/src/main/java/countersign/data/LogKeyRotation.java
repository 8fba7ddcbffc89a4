package countersign.data;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.document.reader.Documents;
import countersign.git.GitRepository;
import countersign.log.tile.TileSource;
import countersign.merge.LogMirror;
import countersign.repository.DocumentReader;
import countersign.repository.Repository;
import countersign.repository.Snapshot;
import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.signing.SignedNote;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/**
 * Replaces the key of a log while its server is stopped (PROTOCOL §7): a next key signs beside the present one until a
 * published checkpoint carries both signatures, then alone.
 */
public final class LogKeyRotation {
    private static final int MAX_CHECKPOINT = 64 << 10;

    private final DataFolder folder;

    public LogKeyRotation(DataFolder folder) {
        this.folder = folder;
    }

    /** Makes the next key; from the next start on both sign. Gives it as {@code countersign.yaml} names it. */
    public String begin(SecureRandom random) {
        ServerKeys keys = ServerKeys.read(folder.keys());
        NoteSigner next = NoteSigner.generate(keys.log().key().name(), NoteKey.Algorithm.ED25519, random);
        ServerKeys.writeNextLogKey(folder.keys(), next);
        return next.key().vkey();
    }

    /**
     * Lets the next key sign alone, and destroys the old one. A Refusal {@code no-next-log-key}, {@code
     * log-key-not-enrolled} or {@code log-key-not-handed-over} while a clone could not verify what it would sign.
     */
    public String finish() {
        ServerKeys keys = ServerKeys.read(folder.keys());
        NoteSigner next = keys.next()
                .orElseThrow(() -> new Refusal(
                        "no-next-log-key",
                        "there is no next key in " + folder.keys(),
                        "make one with countersign log-key new"));
        try (GitRepository repository = GitRepository.open(folder.repository())) {
            requireEnrolled(repository, next.key());
            requireHandedOver(repository, keys.log().key(), next.key());
        }
        ServerKeys.replaceLogKey(folder.keys());
        return next.key().vkey();
    }

    private static void requireEnrolled(Repository repository, NoteKey next) {
        Snapshot main = repository.snapshot(repository.findRef(Repository.MAIN).orElseThrow());
        boolean enrolled = RepositorySettings.of(main, new DocumentReader(new Documents(), 1))
                .logKeys()
                .contains(next);
        if (!enrolled) {
            throw new Refusal(
                    "log-key-not-enrolled",
                    RepositorySettings.PATH + " on main does not name the log key " + next.vkey(),
                    "add it to log.keys there by a change, and merge that");
        }
    }

    private static void requireHandedOver(Repository repository, NoteKey present, NoteKey next) {
        boolean signed = repository
                .findRef(LogMirror.BRANCH)
                .map(tip -> repository.snapshot(tip).read(TileSource.CHECKPOINT, MAX_CHECKPOINT))
                .map(note -> SignedNote.parse(new String(note, StandardCharsets.UTF_8)))
                .stream()
                .flatMap(note -> note.verify(List.of(present, next)).stream())
                .anyMatch(signature -> signature.key().equals(next));
        if (!signed) {
            throw new Refusal(
                    "log-key-not-handed-over",
                    "the checkpoint on countersign/log is not signed by the next key " + next.vkey() + " yet",
                    "serve until something was merged and the log was published, then stop the server");
        }
    }
}
