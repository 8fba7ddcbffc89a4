package countersign.target;

import countersign.codec.Sha256;
import countersign.repository.FileMode;

/**
 * One file to be put at a target.
 *
 * @param path below the system's folder, relative, with forward slashes
 * @param mode regular or executable
 * @param bytes its content; not copied, not to be changed
 */
public record ReleaseFile(String path, FileMode mode, byte[] bytes) {
    public ReleaseFile {
        Location.partsOf(path);
    }

    TargetState.FileState state() {
        return new TargetState.FileState(path, mode, Sha256.of(bytes));
    }
}
