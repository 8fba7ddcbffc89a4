package countersign.gate.stop;

import countersign.codec.Refusal;
import countersign.log.LogEntry;
import countersign.signing.SshSignature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * An order to stop, or to go on, as it stands in the record log.
 *
 * @param order what was signed
 * @param text the signed text, byte for byte
 * @param armored the armored SSHSIG
 * @param index index of its log entry
 * @param loggedAt time of its log entry
 */
public record LoggedStop(StopOrder order, String text, String armored, long index, Instant loggedAt) {
    /** Reads a log entry; refuses what is not a well-formed order. */
    public static LoggedStop of(LogEntry.Stop entry, long index) {
        byte[] bytes = entry.statement().getBytes(StandardCharsets.UTF_8);
        return new LoggedStop(StopOrder.parse(bytes), entry.statement(), entry.signature(), index, entry.time());
    }

    /** The log entry that would hold it. */
    public static LogEntry.Stop entry(byte[] bytes, String armored, Instant time) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new Refusal("malformed-json", "a stop order is UTF-8");
        }
        return new LogEntry.Stop(text, armored, time);
    }

    /** Whether it stops everything. */
    public boolean stops() {
        return order.decision() == StopOrder.Decision.STOP;
    }

    /** Who stopped everything, when and why. */
    public String message() {
        return "everything is stopped since " + loggedAt + " by " + order.person() + " (" + order.role()
                + ", log entry " + index + "): " + order.reason();
    }

    SshSignature signature() {
        return SshSignature.parse(armored);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
