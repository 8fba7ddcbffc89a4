package countersign.gate;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A signed statement as it stands in the record log.
 *
 * @param statement what was signed
 * @param bytes the signed bytes
 * @param armored the armored SSHSIG
 * @param index index of its log entry
 * @param loggedAt time of its log entry
 */
public record Vote(Statement statement, byte[] bytes, String armored, long index, Instant loggedAt) {
    /** Reads a log entry; refuses what is not a well-formed statement. */
    public static Vote of(LogEntry.Statement entry, long index) {
        byte[] bytes = entry.statement().getBytes(StandardCharsets.UTF_8);
        return new Vote(Statement.parse(bytes), bytes, entry.signature(), index, entry.time());
    }

    public String person() {
        return statement.person();
    }

    public Sha256 manifest() {
        return statement.effect().manifest();
    }

    /** Fingerprint of the key that signed it, as evidence; whether it signed validly is judged by {@link VoteRules}. */
    public String keyFingerprint() {
        return SshSignature.parse(armored).publicKey().fingerprint();
    }

    boolean decides(Decision decision) {
        return statement.decision() == decision;
    }

    /** The log entry that would hold this vote. */
    public static LogEntry.Statement entry(byte[] bytes, String armored, Instant time) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new Refusal("malformed-json", "a statement is UTF-8");
        }
        return new LogEntry.Statement(text, armored, time);
    }
}
