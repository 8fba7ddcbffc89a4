package countersign.history;

import countersign.manifest.ChangeId;
import countersign.manifest.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A merge as lists of the past show it.
 *
 * @param seq 1 for the first merge after genesis
 * @param index index of its log entry
 * @param time T
 * @param change the change that was merged
 * @param title title of its request
 * @param operation what the merge did
 * @param of the change that a rollback took back; null otherwise
 * @param type standard, normal or emergency
 * @param requester name of a person
 * @param before commit that main pointed to
 * @param after merge commit
 */
public record PastMerge(
        long seq,
        long index,
        Instant time,
        ChangeId change,
        String title,
        Operation operation,
        @Nullable ChangeId of,
        String type,
        String requester,
        String before,
        String after) {}
