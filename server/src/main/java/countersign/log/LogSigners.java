package countersign.log;

import countersign.signing.NoteKey;
import countersign.signing.NoteSigner;
import countersign.signing.SignedNote;
import java.time.Instant;
import java.util.List;

/**
 * In whose name a log speaks.
 *
 * @param origin the log's name, for its whole life
 * @param signers the log's key and its cosigner's; both old and new ones while a key is replaced
 */
public record LogSigners(String origin, List<NoteSigner> signers) {
    public LogSigners {
        signers = List.copyOf(signers);
        if (signers.stream().noneMatch(signer -> signer.key().algorithm() == NoteKey.Algorithm.ED25519)) {
            throw new IllegalArgumentException("a log has a key that signs its checkpoints");
        }
    }

    /** The usual two keys: one signs the text, the other the text and the time. */
    public static LogSigners of(String origin, NoteSigner log, NoteSigner cosigner) {
        return new LogSigners(origin, List.of(log, cosigner));
    }

    /** Trust in these keys. */
    public LogTrust trust() {
        return new LogTrust(origin, keys(NoteKey.Algorithm.ED25519), keys(NoteKey.Algorithm.COSIGNATURE), List.of());
    }

    SignedNote sign(Checkpoint checkpoint, Instant now) {
        String text = checkpoint.text();
        List<String> lines = signers.stream()
                .map(signer -> switch (signer.key().algorithm()) {
                    case ED25519 -> signer.sign(text);
                    case COSIGNATURE -> signer.cosign(text, now);
                })
                .toList();
        return SignedNote.of(text, lines);
    }

    private List<NoteKey> keys(NoteKey.Algorithm algorithm) {
        return signers.stream()
                .map(NoteSigner::key)
                .filter(key -> key.algorithm() == algorithm)
                .toList();
    }
}
