package countersign.codec.disk;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder that has to take what is written to it. Thread-safe; each question is answered by the disk, in microseconds.
 *
 * @param path the folder
 */
public record WritableFolder(Path path) {
    /** What is kept free: whatever was begun when nothing more may be begun has to find its place. */
    public static final long RESERVE = 32L << 20;

    private static final long MIB = 1L << 20;

    /** Why nothing may be written there, and what ends that; empty if all is well. */
    public Optional<String> findProblem() {
        if (!path.toFile().canWrite()) {
            return Optional.of(
                    path + " can't be written to: its disk is read-only, or its rights were altered; nothing is"
                            + " written until that is mended, then the server goes on by itself");
        }
        long free = path.toFile().getUsableSpace();
        return free >= RESERVE
                ? Optional.empty()
                : Optional.of(
                        "the disk of " + path + " is full: " + free / MIB + " MiB are left of the " + RESERVE / MIB
                                + " MiB that are kept free; nothing is written until there is space, then the server goes on by"
                                + " itself");
    }
}
