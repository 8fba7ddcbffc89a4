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
import org.jspecify.annotations.Nullable;

/**
 * What a person signs (PROTOCOL §3.1): canonical JSON, at most {@value #MAX_BYTES} bytes, signed as SSHSIG in the
 * namespace {@value #NAMESPACE}. {@code effect} repeats the manifest for the reader; the verifier compares.
 *
 * @param effect what is decided about
 * @param decision what is decided
 * @param role the role the signer claims
 * @param rule the rule that an override sets aside; only in overrides
 * @param expires until when it counts; judged at T
 * @param provenance who says so; an approval needs no reason
 */
public record Statement(
        Effect effect,
        Decision decision,
        String role,
        @Nullable String rule,
        Instant expires,
        Provenance provenance) {
    public static final String NAMESPACE = "vote@countersign.dev";
    public static final int MAX_BYTES = 32 << 10;

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

    /** The signer. */
    public String person() {
        return provenance.person();
    }

    /** The signer's words. */
    public String reason() {
        return provenance.reason();
    }

    /** The canonical bytes; a Refusal {@code statement-too-large} above the limit. */
    public byte[] bytes() {
        return write(members());
    }

    /** The canonical bytes of any text that people sign; a Refusal {@code statement-too-large} above the limit. */
    public static byte[] write(Map<String, @Nullable Object> members) {
        byte[] bytes = CanonicalJson.write(members);
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
                decision == Decision.OVERRIDE ? fields.text("rule") : null,
                fields.instant("expires"),
                Provenance.read(fields));
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
        if (rule != null) {
            members.put("rule", rule);
        }
        members.put("expires", expires.toString());
        provenance.write(members);
        return members;
    }
}
