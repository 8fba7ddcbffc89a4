package countersign.target;

import java.util.Optional;

/**
 * Puts releases where they are to work, and tells what stands there. Each location's steps come one after another; steps
 * of different locations may come at once. What a method has returned survives a power cut. A crash within a method
 * leaves either what stood before or what is to stand, never a mixture, and any method may be called again afterwards.
 * Refusals: {@code target-drifted}, {@code target-path-escapes}, {@code backup-damaged},
 * {@code no-backup}; an environment that fails is an
 * {@link java.io.UncheckedIOException}.
 */
public interface Driver {
    /** The word in a Target's {@code spec.driver} and in receipts. */
    String name();

    /** What stands now, read from the target itself. */
    TargetState observe(Location location);

    /** The bytes of one standing file; empty if it is absent. A Refusal {@code too-large} above maxBytes. */
    Optional<byte[]> read(Location location, String path, int maxBytes);

    /** The room that is left there; empty if this kind of target does not say. */
    default Optional<Space> space(Location location) {
        return Optional.empty();
    }

    /** Makes sure that what stands, which must be {@code before}, can be brought back, and names it. */
    Backup backup(Release release);

    /** Brings the release to the target without anybody there seeing it. Leftovers of earlier attempts vanish. */
    void stage(Release release);

    /** Makes the staged release stand, at once for every reader, if {@code before} still stands. */
    Activation activate(Release release);

    /**
     * Brings back what stood before {@code undone} was activated, after its digest was verified; refused unless
     * {@code undone} stands.
     *
     * @return what stands now
     */
    TargetState restore(Location location, TargetState undone);

    /**
     * What a restore would bring back.
     *
     * @param name where the driver keeps it; {@code nothing} if nothing stood
     * @param state its verified state
     */
    record Backup(String name, TargetState state) {}

    /** Whether anything moved. */
    enum Activation {
        ACTIVATED,
        ALREADY_STANDING
    }
}
