package countersign.repository;

import org.jspecify.annotations.Nullable;

/**
 * One path at which two snapshots hold different files.
 *
 * @param path full path
 * @param before the file before, of whatever mode; null if there was none
 * @param after the file after, of whatever mode; null if there is none
 */
public record Difference(
        String path, @Nullable TreeEntry before, @Nullable TreeEntry after) {}
