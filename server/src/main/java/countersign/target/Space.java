package countersign.target;

import org.jspecify.annotations.Nullable;

/**
 * The room that a target has left.
 *
 * @param bytes bytes that may still be written
 * @param files files that may still be made; null if the target does not say
 */
public record Space(long bytes, @Nullable Long files) {}
