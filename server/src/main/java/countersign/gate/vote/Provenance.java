package countersign.gate.vote;

import countersign.codec.Fields;
import countersign.codec.Refusal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who says what a person signs, in which words, when, and having seen what: members that every signed text has (PROTOCOL
 * §3.1, §7).
 *
 * @param person the signer
 * @param reason the signer's words; may be empty where no rule asks for them
 * @param issuedAt the signer's clock: advice
 * @param nonce 32 hexadecimal digits that make the text unique
 * @param checkpoint the log as the signer's client saw it
 * @param client cli, web or manual
 */
public record Provenance(
        String person, String reason, Instant issuedAt, String nonce, SeenCheckpoint checkpoint, String client) {
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
    private static final Set<String> CLIENTS = Set.of("cli", "web", "manual");

    public Provenance {
        if (!NONCE.matcher(nonce).matches()) {
            throw new Refusal("malformed-statement", "a nonce is 32 lower-case hexadecimal digits, found: " + nonce);
        }
        if (!CLIENTS.contains(client)) {
            throw new Refusal("malformed-statement", "a client is one of cli, web and manual, found: " + client);
        }
    }

    /** Reads its members among those of a text. */
    public static Provenance read(Fields fields) {
        return new Provenance(
                fields.text("person"),
                fields.text("reason"),
                fields.instant("issuedAt"),
                fields.text("nonce"),
                SeenCheckpoint.read(fields.object("checkpoint")),
                fields.text("client"));
    }

    /** Writes its members among those of a text. */
    public void write(Map<String, @Nullable Object> members) {
        members.put("person", person);
        members.put("reason", reason);
        members.put("issuedAt", issuedAt.toString());
        members.put("nonce", nonce);
        members.put("checkpoint", checkpoint.members());
        members.put("client", client);
    }
}
