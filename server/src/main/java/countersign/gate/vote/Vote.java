package countersign.gate.vote;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.LogEntry;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A signed statement as it stands in the record log. Immutable and thread-safe: the signature is read when it is first
 * asked for, and kept, because reading a key costs more than everything else about a vote.
 */
public final class Vote {
    private final Statement statement;
    private final byte[] bytes;
    private final String armored;
    private final long index;
    private final Instant loggedAt;
    private volatile @Nullable SshSignature signature;

    /**
     * A statement with its signature, which is not judged here.
     *
     * @param statement what was signed
     * @param bytes the signed bytes
     * @param armored the armored SSHSIG
     * @param index index of its log entry
     * @param loggedAt time of its log entry
     */
    public Vote(Statement statement, byte[] bytes, String armored, long index, Instant loggedAt) {
        this.statement = statement;
        this.bytes = bytes.clone();
        this.armored = armored;
        this.index = index;
        this.loggedAt = loggedAt;
    }

    /** Reads a log entry; refuses what is not a well-formed statement. */
    public static Vote of(LogEntry.Statement entry, long index) {
        byte[] bytes = entry.statement().getBytes(StandardCharsets.UTF_8);
        return new Vote(Statement.parse(bytes), bytes, entry.signature(), index, entry.time());
    }

    /** The same vote where and when the log took it in. */
    public Vote logged(long at, Instant time) {
        Vote logged = new Vote(statement, bytes, armored, at, time);
        logged.signature = signature;
        return logged;
    }

    /** The log entry that would hold this vote. */
    public static LogEntry.Statement entry(byte[] bytes, String armored, Instant time) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new Refusal("malformed-json", "a statement is UTF-8");
        }
        return new LogEntry.Statement(text, armored, time);
    }

    public Statement statement() {
        return statement;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String armored() {
        return armored;
    }

    public long index() {
        return index;
    }

    public Instant loggedAt() {
        return loggedAt;
    }

    public String person() {
        return statement.person();
    }

    public Sha256 manifest() {
        return statement.effect().manifest();
    }

    /** The signature, read; a Refusal if it is malformed. Whether it signed validly is judged by {@code VoteRules}. */
    public SshSignature signature() {
        SshSignature known = signature;
        if (known == null) {
            known = SshSignature.parse(armored);
            signature = known;
        }
        return known;
    }

    /** Fingerprint of the key that signed it, as evidence. */
    public String keyFingerprint() {
        return signature().publicKey().fingerprint();
    }

    public boolean decides(Decision decision) {
        return statement.decision() == decision;
    }
}
