package countersign.log;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.tile.EntryBundle;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the record log holds (PROTOCOL §4): canonical JSON, at most {@value #MAX_BYTES} bytes. Times are UTC with
 * seconds.
 */
public sealed interface LogEntry {
    /** The limit of a tlog-tiles entry bundle. */
    int MAX_BYTES = EntryBundle.MAX_ENTRY;

    Instant time();

    /** The members of the JSON object, without {@code type} and {@code time}. */
    Map<String, @Nullable Object> members();

    /** The word in the entry's {@code type} member. */
    String type();

    /** The first entry of every log: the commit that all merges descend from. */
    record Genesis(String repository, int engine, String commit, Sha256 contentRoot, Instant time) implements LogEntry {
        @Override
        public String type() {
            return "genesis";
        }

        @Override
        public Map<String, @Nullable Object> members() {
            return Map.of(
                    "repository", repository, "engine", engine, "commit", commit, "contentRoot", contentRoot.hex());
        }
    }

    /**
     * A statement as its signer signed it, whole.
     *
     * @param statement the signed text, byte for byte
     * @param signature the armored SSHSIG
     */
    record Statement(String statement, String signature, Instant time) implements LogEntry {
        @Override
        public String type() {
            return "statement";
        }

        @Override
        public Map<String, @Nullable Object> members() {
            return Map.of("statement", statement, "signature", signature);
        }
    }

    /**
     * That a person revokes a key of their own, as signed, whole.
     *
     * @param statement the signed text, byte for byte
     * @param signature the armored SSHSIG
     */
    record Revocation(String statement, String signature, Instant time) implements LogEntry {
        @Override
        public String type() {
            return "revocation";
        }

        @Override
        public Map<String, @Nullable Object> members() {
            return Map.of("statement", statement, "signature", signature);
        }
    }

    /**
     * That a person stops all merges, or lets them go on, as signed, whole.
     *
     * @param statement the signed text, byte for byte
     * @param signature the armored SSHSIG
     */
    record Stop(String statement, String signature, Instant time) implements LogEntry {
        @Override
        public String type() {
            return "stop";
        }

        @Override
        public Map<String, @Nullable Object> members() {
            return Map.of("statement", statement, "signature", signature);
        }
    }

    /**
     * A merge; its append is the moment the change counts (PROTOCOL §4.3, §5).
     *
     * @param seq 1 for the first merge after genesis
     * @param before commit that main pointed to
     * @param after merge commit
     * @param contentRoot content root of the merge commit
     * @param manifest digest of {@code manifest.json}
     * @param gate digest of {@code gate.json}
     * @param time the protocol's clock T
     */
    record Merge(long seq, String before, String after, Sha256 contentRoot, Sha256 manifest, Sha256 gate, Instant time)
            implements LogEntry {
        @Override
        public String type() {
            return "merge";
        }

        @Override
        public Map<String, @Nullable Object> members() {
            return Map.of(
                    "seq",
                    seq,
                    "before",
                    before,
                    "after",
                    after,
                    "contentRoot",
                    contentRoot.hex(),
                    "manifest",
                    manifest.hex(),
                    "gate",
                    gate.hex());
        }
    }

    /**
     * What an agent, or the server for a push driver, says it did to a unit, signed, whole.
     *
     * @param receipt the signed text, byte for byte
     * @param signature the armored SSHSIG
     */
    record Receipt(String receipt, String signature, Instant time) implements LogEntry {
        @Override
        public String type() {
            return "receipt";
        }

        @Override
        public Map<String, @Nullable Object> members() {
            return Map.of("receipt", receipt, "signature", signature);
        }
    }

    /** The canonical bytes; a Refusal {@code entry-too-large} above {@value #MAX_BYTES}. */
    default byte[] bytes() {
        Map<String, @Nullable Object> members = new TreeMap<>(members());
        members.put("type", type());
        members.put("time", time().toString());
        byte[] bytes = CanonicalJson.write(members);
        if (bytes.length > MAX_BYTES) {
            throw new Refusal(
                    "entry-too-large", "a log entry has at most " + MAX_BYTES + " bytes, this has " + bytes.length);
        }
        return bytes;
    }

    /** Reads bytes that {@link #bytes} wrote; refuses all others. */
    static LogEntry parse(byte[] bytes) {
        Fields fields = Fields.of("log entry", CanonicalJson.readObject("log entry", bytes, MAX_BYTES));
        Instant time = fields.instant("time");
        CanonicalJson.requireSame("the time of a log entry", time.toString(), fields.text("time"));
        String type = fields.text("type");
        LogEntry entry = switch (type) {
            case "genesis" ->
                new Genesis(
                        fields.text("repository"),
                        fields.smallInteger("engine"),
                        fields.text("commit"),
                        fields.digest("contentRoot"),
                        time);
            case "statement" -> new Statement(fields.text("statement"), fields.text("signature"), time);
            case "revocation" -> new Revocation(fields.text("statement"), fields.text("signature"), time);
            case "stop" -> new Stop(fields.text("statement"), fields.text("signature"), time);
            case "merge" ->
                new Merge(
                        fields.integer("seq"),
                        fields.text("before"),
                        fields.text("after"),
                        fields.digest("contentRoot"),
                        fields.digest("manifest"),
                        fields.digest("gate"),
                        time);
            case "receipt" -> new Receipt(fields.text("receipt"), fields.text("signature"), time);
            default -> throw new Refusal("unknown-entry-type", "no log entry has the type " + type);
        };
        fields.end();
        return entry;
    }
}
