package countersign.gate.vote;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.manifest.BadRange;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.manifest.Operation;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs (PROTOCOL §3.1): canonical JSON, at most {@value #MAX_BYTES} bytes, signed as SSHSIG in the
 * namespace {@value #NAMESPACE}. {@code effect} repeats the manifest for the reader; the verifier compares.
 *
 * @param effect what is decided about
 * @param decision what is decided
 * @param role the role the signer claims
 * @param person the signer
 * @param reason the signer's words; may be empty for an approval
 * @param rule the rule that an override sets aside; only in overrides
 * @param times when it was issued and until when it counts
 * @param nonce 32 hexadecimal digits that make the statement unique
 * @param checkpoint the log as the signer's client saw it
 * @param client cli, web or manual
 */
public record Statement(
        Effect effect,
        Decision decision,
        String role,
        String person,
        String reason,
        @Nullable String rule,
        Times times,
        String nonce,
        SeenCheckpoint checkpoint,
        String client) {
    public static final String NAMESPACE = "vote@countersign.dev";
    public static final int MAX_BYTES = 32 << 10;

    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
    private static final Set<String> CLIENTS = Set.of("cli", "web", "manual");

    /**
     * The readable part of the manifest.
     *
     * @param manifest digest of the manifest
     * @param repository id of the repository
     * @param log origin of the record log
     * @param change the change
     * @param title title of its request
     * @param operation what the merge does
     * @param targets names of the targets it touches, sorted
     * @param paths how many paths differ
     * @param recovery the merges that a recovery names bad, and the head to go on from; only in such
     */
    public record Effect(
            Sha256 manifest,
            String repository,
            String log,
            ChangeId change,
            String title,
            Operation operation,
            List<String> targets,
            int paths,
            @Nullable BadRange recovery) {
        /** About anything but a recovery that names bad merges. */
        public Effect(
                Sha256 manifest,
                String repository,
                String log,
                ChangeId change,
                String title,
                Operation operation,
                List<String> targets,
                int paths) {
            this(manifest, repository, log, change, title, operation, targets, paths, null);
        }

        public static Effect of(Manifest manifest, String title) {
            return new Effect(
                    manifest.digest(),
                    manifest.repository(),
                    manifest.log(),
                    manifest.change(),
                    title,
                    manifest.operation(),
                    manifest.targets(),
                    manifest.files().size(),
                    manifest.recovery());
        }
    }

    /**
     * When the statement counts.
     *
     * @param issuedAt the signer's clock: advice
     * @param expires judged at T
     */
    public record Times(Instant issuedAt, Instant expires) {}

    /**
     * A checkpoint without its signatures.
     *
     * @param origin origin of the log
     * @param size number of entries
     * @param root Merkle root
     */
    public record SeenCheckpoint(String origin, long size, Sha256 root) {
        public static SeenCheckpoint read(Fields fields) {
            SeenCheckpoint checkpoint =
                    new SeenCheckpoint(fields.text("origin"), fields.integer("size"), fields.digest("root"));
            fields.end();
            return checkpoint;
        }

        /** The JSON object. */
        public Map<String, @Nullable Object> members() {
            return Map.of("origin", origin, "size", size, "root", root.hex());
        }
    }

    public Statement {
        requireForm(nonce, client);
    }

    /** Refuses what no client writes into a signed text. */
    public static void requireForm(String nonce, String client) {
        if (!NONCE.matcher(nonce).matches()) {
            throw new Refusal("malformed-statement", "a nonce is 32 lower-case hexadecimal digits, found: " + nonce);
        }
        if (!CLIENTS.contains(client)) {
            throw new Refusal("malformed-statement", "a client is one of cli, web and manual, found: " + client);
        }
    }

    /** The canonical bytes; a Refusal {@code statement-too-large} above the limit. */
    public byte[] bytes() {
        byte[] bytes = CanonicalJson.write(members());
        if (bytes.length > MAX_BYTES) {
            throw new Refusal(
                    "statement-too-large", "a statement has at most " + MAX_BYTES + " bytes, this has " + bytes.length);
        }
        return bytes;
    }

    /** Reads bytes that {@link #bytes} could have written; refuses all others. */
    public static Statement parse(byte[] bytes) {
        Fields fields = Fields.of("statement", CanonicalJson.readObject("statement", bytes, MAX_BYTES));
        Decision decision = fields.constant("decision", Decision.class);
        Statement statement = new Statement(
                readEffect(fields),
                decision,
                fields.text("role"),
                fields.text("person"),
                fields.text("reason"),
                decision == Decision.OVERRIDE ? fields.text("rule") : null,
                new Times(fields.instant("issuedAt"), fields.instant("expires")),
                fields.text("nonce"),
                SeenCheckpoint.read(fields.object("checkpoint")),
                fields.text("client"));
        fields.end();
        CanonicalJson.requireSame("statement", statement.bytes(), bytes);
        return statement;
    }

    private static Effect readEffect(Fields fields) {
        return new Effect(
                fields.digest("manifest"),
                fields.text("repository"),
                fields.text("log"),
                ChangeId.parse(fields.text("change")),
                fields.text("title"),
                fields.constant("operation", Operation.class),
                fields.textList("targets"),
                fields.smallInteger("paths"),
                BadRange.readOrNull(fields.objectOrNull("recovery")));
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("manifest", effect.manifest().hex());
        members.put("repository", effect.repository());
        members.put("log", effect.log());
        members.put("change", effect.change().toString());
        members.put("title", effect.title());
        members.put("operation", effect.operation().label());
        members.put("targets", effect.targets());
        members.put("paths", effect.paths());
        if (effect.recovery() != null) {
            members.put("recovery", effect.recovery().members());
        }
        members.put("decision", decision.label());
        members.put("role", role);
        members.put("person", person);
        members.put("reason", reason);
        if (rule != null) {
            members.put("rule", rule);
        }
        members.put("issuedAt", times.issuedAt().toString());
        members.put("expires", times.expires().toString());
        members.put("nonce", nonce);
        members.put("checkpoint", checkpoint.members());
        members.put("client", client);
        return members;
    }
}
