package countersign.history;

import countersign.codec.Sha256;
import java.time.Instant;

/**
 * What main was at a time.
 *
 * @param commit the commit that main pointed to
 * @param contentRoot its content root
 * @param index index of the log entry that made it so
 * @param since time of that entry
 */
public record Moment(String commit, Sha256 contentRoot, long index, Instant since) {}
