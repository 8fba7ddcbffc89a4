package countersign.gate.key;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.gate.vote.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs to revoke a key of their own (PROTOCOL §7): canonical JSON, signed as SSHSIG in the namespace
 * {@value Statement#NAMESPACE} like every statement, with the decision {@value #DECISION}.
 *
 * @param repository id of the repository
 * @param log origin of the record log
 * @param person the signer, whose key it is
 * @param key fingerprint of the key
 * @param since log index from which the key is compromised; null: only retired
 * @param reason the signer's words; may be empty
 * @param issuedAt the signer's clock: advice
 * @param nonce 32 hexadecimal digits that make the text unique
 * @param checkpoint the log as the signer's client saw it
 * @param client cli, web or manual
 */
public record Revocation(
        String repository,
        String log,
        String person,
        String key,
        @Nullable Long since,
        String reason,
        Instant issuedAt,
        String nonce,
        Statement.SeenCheckpoint checkpoint,
        String client) {
    private static final String DECISION = "revoke";

    public Revocation {
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
    public static Revocation parse(byte[] bytes) {
        Fields fields = Fields.of("revocation", CanonicalJson.readObject("revocation", bytes, Statement.MAX_BYTES));
        if (!fields.text("decision").equals(DECISION)) {
            throw new Refusal("malformed-statement", "a revocation decides " + DECISION);
        }
        Revocation revocation = new Revocation(
                fields.text("repository"),
                fields.text("log"),
                fields.text("person"),
                fields.text("key"),
                fields.has("since") ? (Long) fields.integer("since") : null,
                fields.text("reason"),
                fields.instant("issuedAt"),
                fields.text("nonce"),
                Statement.SeenCheckpoint.read(fields.object("checkpoint")),
                fields.text("client"));
        fields.end();
        CanonicalJson.requireSame("revocation", revocation.bytes(), bytes);
        return revocation;
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("decision", DECISION);
        members.put("repository", repository);
        members.put("log", log);
        members.put("person", person);
        members.put("key", key);
        members.put("since", since);
        members.put("reason", reason);
        members.put("issuedAt", issuedAt.toString());
        members.put("nonce", nonce);
        members.put("checkpoint", checkpoint.members());
        members.put("client", client);
        return members;
    }
}
