package countersign.manifest;

import countersign.codec.Sha256;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;

/**
 * One file as it is to stand at a unit.
 *
 * @param path path below the unit's folder
 * @param mode its mode
 * @param sha256 digest of its bytes
 * @param content where the bytes come from
 */
public record UnitFile(String path, FileMode mode, Sha256 sha256, Content content) {
    /** Where a file's bytes come from. */
    public sealed interface Content {
        /** Bytes written or rendered from the SystemConfig itself. */
        record Inline(byte[] bytes) implements Content {}

        /** A payload file of the repository. */
        record Payload(String repositoryPath) implements Content {}
    }

    static final int MAX_BYTES = 16 << 20;

    /** The bytes, read from the snapshot the unit was rendered from. */
    public byte[] bytes(Snapshot snapshot) {
        if (content instanceof Content.Payload payload) {
            return snapshot.read(payload.repositoryPath(), MAX_BYTES);
        }
        return ((Content.Inline) content).bytes();
    }
}
