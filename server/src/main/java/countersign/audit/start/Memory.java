package countersign.audit.start;

import countersign.codec.CanonicalJson;
import countersign.codec.Fields;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.log.Checkpoint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an auditor keeps of a verification that found nothing wrong, so that the next one costs only what is new and a log
 * that was rolled back or forked since is noticed: canonical JSON. Whoever can change it can make the next verification
 * believe anything.
 *
 * @param checkpoint what the log said it holds
 * @param subtrees the hashes of the perfect subtrees that make up its tree, smallest first
 * @param head the commit of its last merge
 * @param contentRoot content root of that commit
 * @param seq number of that merge
 * @param latest the latest time in the log
 * @param kept entries that what comes may need: statements about changes that have not merged, revocations, receipts of
 *     failures, and merges of emergencies that still owe signatures, with the statements about them
 */
public record Memory(
        Checkpoint checkpoint,
        List<Sha256> subtrees,
        String head,
        Sha256 contentRoot,
        long seq,
        Instant latest,
        List<Kept> kept) {
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 64 << 20;

    /** An entry of the log, by its hash as a leaf. */
    public record Kept(long index, Sha256 leaf) {}

    public Memory {
        subtrees = List.copyOf(subtrees);
        kept = List.copyOf(kept);
        if (subtrees.size() != Long.bitCount(checkpoint.size())) {
            throw new Refusal("malformed-memory", "a log of " + checkpoint.size() + " entries has other subtrees");
        }
    }

    public byte[] bytes() {
        Map<String, @Nullable Object> members = new HashMap<>();
        members.put("version", VERSION);
        members.put("checkpoint", checkpoint.text());
        members.put("subtrees", subtrees.stream().map(Sha256::hex).toList());
        members.put("head", head);
        members.put("contentRoot", contentRoot.hex());
        members.put("seq", seq);
        members.put("latest", latest.toString());
        members.put(
                "kept",
                kept.stream()
                        .map(entry -> Map.of(
                                "index", entry.index(), "leaf", entry.leaf().hex()))
                        .toList());
        return CanonicalJson.write(members);
    }

    /** Reads bytes that {@link #bytes} could have written; refuses all others. */
    public static Memory parse(byte[] bytes) {
        Fields fields = Fields.of("memory", CanonicalJson.readObject("memory", bytes, MAX_BYTES));
        if (fields.integer("version") != VERSION) {
            throw new Refusal("unknown-memory-version", "memory version " + fields.integer("version"));
        }
        Memory memory = new Memory(
                Checkpoint.parse(fields.text("checkpoint")),
                fields.textList("subtrees").stream().map(Sha256::new).toList(),
                fields.text("head"),
                fields.digest("contentRoot"),
                fields.integer("seq"),
                fields.instant("latest"),
                fields.objectList("kept").stream()
                        .map(kept -> new Kept(kept.integer("index"), kept.digest("leaf")))
                        .toList());
        CanonicalJson.requireSame("memory", memory.bytes(), bytes);
        return memory;
    }
}
