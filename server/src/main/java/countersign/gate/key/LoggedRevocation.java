package countersign.gate.key;

import countersign.codec.Refusal;
import countersign.log.LogEntry;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A revocation as it stands in the record log.
 *
 * @param revocation what was signed
 * @param text the signed text, byte for byte
 * @param armored the armored SSHSIG
 * @param index index of its log entry
 * @param loggedAt time of its log entry
 */
public record LoggedRevocation(Revocation revocation, String text, String armored, long index, Instant loggedAt) {
    /** Reads a log entry; refuses what is not a well-formed revocation. */
    public static LoggedRevocation of(LogEntry.Revocation entry, long index) {
        byte[] bytes = entry.statement().getBytes(StandardCharsets.UTF_8);
        return new LoggedRevocation(Revocation.parse(bytes), entry.statement(), entry.signature(), index, entry.time());
    }

    /** The log entry that would hold it. */
    public static LogEntry.Revocation entry(byte[] bytes, String armored, Instant time) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new Refusal("malformed-json", "a revocation is UTF-8");
        }
        return new LogEntry.Revocation(text, armored, time);
    }

    /** Fingerprint of the key that signed it. */
    public String signer() {
        return signature().publicKey().fingerprint();
    }

    SshSignature signature() {
        return SshSignature.parse(armored);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
