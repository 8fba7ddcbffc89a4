package countersign.gate.stop;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.gate.vote.Provenance;
import countersign.gate.vote.Statement;
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
 * @param provenance who says so
 */
public record StopOrder(String repository, String log, Decision decision, String role, Provenance provenance) {
    /** What is ordered. */
    public enum Decision {
        STOP,
        RESUME;

        /** The word in the text. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The signer. */
    public String person() {
        return provenance.person();
    }

    /** The signer's words. */
    public String reason() {
        return provenance.reason();
    }

    /** The canonical bytes; a Refusal {@code statement-too-large} above the limit of statements. */
    public byte[] bytes() {
        return Statement.write(members());
    }

    /** Reads bytes that {@link #bytes} could have written; refuses all others. */
    public static StopOrder parse(byte[] bytes) {
        Fields fields = Fields.of("stop order", CanonicalJson.readObject("stop order", bytes, Statement.MAX_BYTES));
        StopOrder order = new StopOrder(
                fields.text("repository"),
                fields.text("log"),
                fields.constant("decision", Decision.class),
                fields.text("role"),
                Provenance.read(fields));
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
        provenance.write(members);
        return members;
    }
}
