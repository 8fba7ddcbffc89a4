package countersign.merge;

import countersign.codec.Sha256;
import java.time.Instant;

/**
 * A merge that counts.
 *
 * @param commit merge commit
 * @param before the commit that main had
 * @param index index of its entry in the record log
 * @param time T
 * @param manifest digest of the manifest
 */
public record Merged(String commit, String before, long index, Instant time, Sha256 manifest) {}
