package countersign.gate.stop;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.gate.vote.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs to stop all merges and applications, or to let them go on: canonical JSON, signed as SSHSIG in the
 * namespace {@value Statement#NAMESPACE} like every statement.
 *
 * @param repository id of the repository
 * @param log origin of the record log
 * @param decision stop or resume
 * @param role the role claimed
 * @param person the signer
 * @param reason the signer's words
 * @param issuedAt the signer's clock: advice
 * @param nonce 32 hexadecimal digits that make the text unique
 * @param checkpoint the log as the signer's client saw it
 * @param client cli, web or manual
 */
public record StopOrder(
        String repository,
        String log,
        Decision decision,
        String role,
        String person,
        String reason,
        Instant issuedAt,
        String nonce,
        Statement.SeenCheckpoint checkpoint,
        String client) {
    /** What is ordered. */
    public enum Decision {
        STOP,
        RESUME;

        /** The word in the text. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public StopOrder {
        Statement.requireForm(nonce, client);
    }

    /** The canonical bytes; a Refusal {@code statement-too-large} above the limit of statements. */
    public byte[] bytes() {
        byte[] bytes = CanonicalJson.write(members());
        if (bytes.length > Statement.MAX_BYTES) {
            throw new Refusal(
                    "statement-too-large",
                    "a statement has at most " + Statement.MAX_BYTES + " bytes, this has " + bytes.length);
        }
        return bytes;
    }

    /** Reads bytes that {@link #bytes} could have written; refuses all others. */
    public static StopOrder parse(byte[] bytes) {
        Fields fields = Fields.of("stop order", CanonicalJson.readObject("stop order", bytes, Statement.MAX_BYTES));
        StopOrder order = new StopOrder(
                fields.text("repository"),
                fields.text("log"),
                fields.constant("decision", Decision.class),
                fields.text("role"),
                fields.text("person"),
                fields.text("reason"),
                fields.instant("issuedAt"),
                fields.text("nonce"),
                Statement.SeenCheckpoint.read(fields.object("checkpoint")),
                fields.text("client"));
        fields.end();
        CanonicalJson.requireSame("stop order", order.bytes(), bytes);
        return order;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("repository", repository);
        members.put("log", log);
        members.put("decision", decision.label());
        members.put("role", role);
        members.put("person", person);
        members.put("reason", reason);
        members.put("issuedAt", issuedAt.toString());
        members.put("nonce", nonce);
        members.put("checkpoint", checkpoint.members());
        members.put("client", client);
        return members;
    }
}
