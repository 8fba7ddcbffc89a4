package countersign.history;

import countersign.manifest.FileState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a path is as it is: the change that last touched it, and who signed that.
 *
 * @param path the path
 * @param merge the merge that last touched it
 * @param before what stood there before; null for nothing
 * @param after what stands there since; null if the change deleted it
 * @param signatures what the gate counted, in the order of the log
 */
public record Blame(
        String path,
        PastMerge merge,
        @Nullable FileState before,
        @Nullable FileState after,
        List<Signature> signatures) {
    public Blame {
        signatures = List.copyOf(signatures);
    }

    /**
     * A signature that the gate counted.
     *
     * @param person who signed; the target, where a receipt triggered a rollback
     * @param role role claimed
     * @param decision the statement's decision, or {@code receipt}
     * @param reason the signer's words; may be empty
     * @param key fingerprint of the key that signed
     * @param grant path of the RoleGrant that gave the role; null for a submission
     * @param rules names of the rules that it counted for
     * @param index index of its log entry
     * @param loggedAt time of its log entry
     */
    public record Signature(
            String person,
            String role,
            String decision,
            String reason,
            String key,
            @Nullable String grant,
            List<String> rules,
            long index,
            Instant loggedAt) {
        public Signature {
            rules = List.copyOf(rules);
        }
    }
}
