package countersign.manifest;

import java.util.Locale;

/** What a merge does (PROTOCOL §2, §7, §8). */
public enum Operation {
    APPLY,
    ROLLBACK,
    RECOVER;

    /** The word in manifests and statements. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
