package countersign.gate.vote;

import countersign.codec.Fields;
import countersign.codec.Sha256;
import countersign.log.Checkpoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint without its signatures: the log as somebody's client saw it.
 *
 * @param origin origin of the log
 * @param size number of entries
 * @param root Merkle root
 */
public record SeenCheckpoint(String origin, long size, Sha256 root) {
    public static SeenCheckpoint of(Checkpoint checkpoint) {
        return new SeenCheckpoint(checkpoint.origin(), checkpoint.size(), checkpoint.root());
    }

    static SeenCheckpoint read(Fields fields) {
        SeenCheckpoint checkpoint =
                new SeenCheckpoint(fields.text("origin"), fields.integer("size"), fields.digest("root"));
        fields.end();
        return checkpoint;
    }

    Map<String, @Nullable Object> members() {
        return Map.of("origin", origin, "size", size, "root", root.hex());
    }
}
