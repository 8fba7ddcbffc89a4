package countersign.log;

import countersign.codec.Refusal;
import countersign.log.tile.TileSource;
import countersign.signing.NoteKey;
import countersign.signing.SignedNote;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose signatures make a checkpoint of a log believable.
 *
 * @param origin the log's name
 * @param logKeys one of these must have signed; more than one while a key is replaced
 * @param cosigners one of these must have cosigned, if there are any
 * @param witnesses those of these that cosigned are counted
 */
public record LogTrust(String origin, List<NoteKey> logKeys, List<NoteKey> cosigners, List<NoteKey> witnesses) {
    public LogTrust {
        logKeys = List.copyOf(logKeys);
        cosigners = List.copyOf(cosigners);
        witnesses = List.copyOf(witnesses);
    }

    /**
     * A checkpoint that the trusted keys signed.
     *
     * @param checkpoint what they signed
     * @param note the signed note, as it was read
     * @param cosignedAt the newest time that a cosigner vouches for; null without cosigners
     * @param witnesses names of the witnesses that cosigned; none means "not witnessed"
     */
    public record Verified(
            Checkpoint checkpoint,
            SignedNote note,
            @Nullable Instant cosignedAt,
            List<String> witnesses) {}

    /**
     * Verifies the bytes of a checkpoint file. Refuses with {@code checkpoint-not-signed} what lacks a signature that is
     * required, with {@code log-checkpoint-altered} what does not fit its signatures, and with {@code log-forked} the
     * checkpoint of another log.
     */
    public Verified verify(byte[] bytes) {
        SignedNote note = parse(bytes);
        List<SignedNote.Verified> signatures = signatures(note);
        requireOneOf(logKeys, "key of the log", signatures);
        if (!cosigners.isEmpty()) {
            requireOneOf(cosigners, "cosigner", signatures);
        }
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (!checkpoint.origin().equals(origin)) {
            throw new Refusal(
                    "log-forked", "the checkpoint is of the log " + checkpoint.origin() + ", not of " + origin);
        }
        return new Verified(checkpoint, note, cosignedAt(signatures), witnessesIn(signatures));
    }

    private static SignedNote parse(byte[] bytes) {
        try {
            return SignedNote.parse(bytes);
        } catch (Refusal malformed) {
            throw refused("log-checkpoint-altered", malformed);
        }
    }

    private List<SignedNote.Verified> signatures(SignedNote note) {
        List<NoteKey> known = Stream.of(logKeys, cosigners, witnesses)
                .flatMap(List::stream)
                .distinct()
                .toList();
        try {
            return note.verify(known);
        } catch (Refusal refusal) {
            if (refusal.rule().equals("note-not-trusted")) {
                throw refused("checkpoint-not-signed", refusal);
            }
            throw refused("log-checkpoint-altered", refusal);
        }
    }

    private static Refusal refused(String rule, Refusal cause) {
        return new Refusal(rule, "the file " + TileSource.CHECKPOINT + ": " + cause.getMessage());
    }

    private static void requireOneOf(List<NoteKey> keys, String role, List<SignedNote.Verified> signatures) {
        if (signatures.stream().noneMatch(signature -> keys.contains(signature.key()))) {
            throw new Refusal(
                    "checkpoint-not-signed",
                    "no " + role + " signed the checkpoint; needed is one of "
                            + keys.stream().map(NoteKey::name).toList());
        }
    }

    private @Nullable Instant cosignedAt(List<SignedNote.Verified> signatures) {
        return signatures.stream()
                .filter(signature -> cosigners.contains(signature.key()))
                .flatMap(signature -> Stream.ofNullable(signature.seen()))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<String> witnessesIn(List<SignedNote.Verified> signatures) {
        return signatures.stream()
                .map(SignedNote.Verified::key)
                .filter(witnesses::contains)
                .map(NoteKey::name)
                .toList();
    }
}
