package countersign.audit.start;

import countersign.codec.Sha256;
import org.jspecify.annotations.Nullable;

/** What an auditor knows beforehand and takes for true: everything behind it is verified. */
public sealed interface StartingPoint {
    /** A commit of main; its trust root says whose the log is. */
    String commit();

    /** The content root of that commit; null if only the commit was written down. */
    @Nullable
    Sha256 contentRoot();

    /** The genesis commit. */
    record Genesis(String commit, @Nullable Sha256 contentRoot) implements StartingPoint {}

    /** A later merge commit: the merges before it, and the revocations, are taken as the log has them. */
    record Later(String commit, Sha256 contentRoot) implements StartingPoint {}

    /** Where an earlier verification ended. */
    record Remembered(Memory memory) implements StartingPoint {
        @Override
        public String commit() {
            return memory.head();
        }

        @Override
        public Sha256 contentRoot() {
            return memory.contentRoot();
        }
    }
}
