package countersign.codec.disk;

import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a disk says when it takes nothing more, in the words of the C library. */
public enum DiskFailure {
    FULL(
            "disk-full",
            "a disk is full",
            "free space there; then look at what was asked for before you ask again",
            Pattern.compile("No space left on device|Disk quota exceeded")),
    READ_ONLY(
            "disk-not-writable",
            "a disk takes no writes: it is mounted read-only, or rights were altered",
            "make it writable; then look at what was asked for before you ask again",
            Pattern.compile("Read-only file system|Permission denied|Operation not permitted")),
    BROKEN(
            "disk-failed",
            "a disk failed",
            "look at the disk; then look at what was asked for before you ask again",
            Pattern.compile("Input/output error|Stale file handle"));

    private static final int MAX_CAUSES = 20;

    private final String rule;
    private final String message;
    private final String wayOut;
    private final Pattern said;

    DiskFailure(String rule, String message, String wayOut, Pattern said) {
        this.rule = rule;
        this.message = message;
        this.wayOut = wayOut;
        this.said = said;
    }

    /** The failure of a disk that something else failed from; empty if there is none among its causes. */
    public static Optional<DiskFailure> find(Throwable failed) {
        @Nullable Throwable cause = failed;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            Optional<DiskFailure> found = of(cause);
            if (found.isPresent()) {
                return found;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** The stable kebab-case name. */
    public String rule() {
        return rule;
    }

    /** What happened, for whoever asked for something. */
    public String message() {
        return message;
    }

    /** What ends it. */
    public String wayOut() {
        return wayOut;
    }

    private static Optional<DiskFailure> of(Throwable cause) {
        if (cause instanceof AccessDeniedException || cause instanceof ReadOnlyFileSystemException) {
            return Optional.of(READ_ONLY);
        }
        String text = String.valueOf(cause.getMessage());
        for (DiskFailure failure : values()) {
            if (failure.said.matcher(text).find()) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }
}
