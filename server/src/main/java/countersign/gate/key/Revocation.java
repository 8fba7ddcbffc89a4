package countersign.gate.key;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.gate.vote.Provenance;
import countersign.gate.vote.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs to revoke a key of their own (PROTOCOL §7): canonical JSON, signed as SSHSIG in the namespace
 * {@value Statement#NAMESPACE} like every statement, with the decision {@value #DECISION}.
 *
 * @param repository id of the repository
 * @param log origin of the record log
 * @param key fingerprint of the key
 * @param since log index from which the key is compromised; null: only retired
 * @param provenance who says so: whose key it is
 */
public record Revocation(
        String repository, String log, String key, @Nullable Long since, Provenance provenance) {
    private static final String DECISION = "revoke";

    /** The signer, whose key it is. */
    public String person() {
        return provenance.person();
    }

    /** The signer's words; may be empty. */
    public String reason() {
        return provenance.reason();
    }

    /** The canonical bytes; a Refusal {@code statement-too-large} above the limit of statements. */
    public byte[] bytes() {
        return Statement.write(members());
    }

    /** Reads bytes that {@link #bytes} could have written; refuses all others. */
    public static Revocation parse(byte[] bytes) {
        Fields fields = Fields.of("revocation", CanonicalJson.readObject("revocation", bytes, Statement.MAX_BYTES));
        if (!fields.text("decision").equals(DECISION)) {
            throw new Refusal("malformed-statement", "a revocation decides " + DECISION);
        }
        Revocation revocation = new Revocation(
                fields.text("repository"),
                fields.text("log"),
                fields.text("key"),
                fields.has("since") ? (Long) fields.integer("since") : null,
                Provenance.read(fields));
        fields.end();
        CanonicalJson.requireSame("revocation", revocation.bytes(), bytes);
        return revocation;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("decision", DECISION);
        members.put("repository", repository);
        members.put("log", log);
        members.put("key", key);
        members.put("since", since);
        provenance.write(members);
        return members;
    }
}
