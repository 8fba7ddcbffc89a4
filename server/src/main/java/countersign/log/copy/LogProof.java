package countersign.log.copy;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Checkpoint;
import countersign.log.LogTrust;
import countersign.log.RecordLog;
import countersign.log.tile.Merkle;
import countersign.signing.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proof that an entry is in a log, to be kept beside the entry and checked offline: a C2SP {@code .tlog-proof} file.
 *
 * @param index place of the entry
 * @param hashes the inclusion proof
 * @param checkpoint the signed checkpoint it leads to
 */
public record LogProof(long index, List<Sha256> hashes, SignedNote checkpoint) {
    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1\n";
    private static final int MAX_BYTES = 16 << 10;
    private static final Pattern TEXT = Pattern.compile(
            Pattern.quote(FIRST_LINE) + "index (0|[1-9][0-9]{0,17})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n(.*)",
            Pattern.DOTALL);

    public LogProof {
        hashes = List.copyOf(hashes);
    }

    /** The proof of an entry under the log's present checkpoint. */
    public static LogProof of(long index, RecordLog log) {
        SignedNote checkpoint = log.signedCheckpoint();
        long size = Checkpoint.parse(checkpoint.text()).size();
        return new LogProof(index, log.inclusionProof(index, size), checkpoint);
    }

    /** Reads exactly what {@link #write} writes; refuses anything else as {@code malformed-log-proof}. */
    public static LogProof parse(byte[] file) {
        Matcher matcher = TEXT.matcher(new String(file, 0, Math.min(file.length, MAX_BYTES), StandardCharsets.UTF_8));
        if (file.length > MAX_BYTES || !matcher.matches()) {
            throw malformed();
        }
        List<Sha256> hashes = new ArrayList<>();
        matcher.group(2)
                .lines()
                .forEach(line -> hashes.add(Sha256.ofDigest(Base64.getDecoder().decode(line))));
        LogProof proof = new LogProof(Long.parseLong(matcher.group(1)), hashes, SignedNote.parse(matcher.group(3)));
        if (!Arrays.equals(proof.write(), file)) {
            throw malformed();
        }
        return proof;
    }

    public byte[] write() {
        StringBuilder text =
                new StringBuilder(FIRST_LINE).append("index ").append(index).append('\n');
        for (Sha256 hash : hashes) {
            text.append(Base64.getEncoder().encodeToString(hash.bytes())).append('\n');
        }
        return text.append('\n').append(checkpoint.write()).toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Verifies that the entry is at the index of the log that is trusted, and returns the checkpoint and who signed it.
     * Refuses as {@link LogTrust#verify} does, and with {@code entry-not-in-log} another entry.
     */
    public LogTrust.Verified verify(byte[] entry, LogTrust trust) {
        LogTrust.Verified head = trust.verify(checkpoint.write().getBytes(StandardCharsets.UTF_8));
        Checkpoint signed = head.checkpoint();
        if (!Merkle.includes(index, signed.size(), Merkle.leafHash(entry), hashes, signed.root())) {
            throw new Refusal(
                    "entry-not-in-log",
                    "the proof does not lead from the entry at " + index + " to the root of " + signed.size()
                            + " entries");
        }
        return head;
    }

    private static Refusal malformed() {
        return new Refusal("malformed-log-proof", "not a tlog-proof file of at most " + MAX_BYTES + " bytes");
    }
}
