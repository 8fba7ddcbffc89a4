package countersign.manifest;

import countersign.codec.Fields;
import countersign.codec.Sha256;
import countersign.repository.FileMode;
import countersign.repository.Snapshot;
import countersign.repository.TreeEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file on one side of a change: mode and digest of its bytes.
 *
 * @param mode six octal digits
 * @param sha256 digest of the bytes
 */
public record FileState(String mode, Sha256 sha256) {
    static @Nullable FileState of(Snapshot snapshot, @Nullable TreeEntry entry) {
        return entry == null ? null : new FileState(entry.rawMode(), snapshot.blobDigest(entry.id()));
    }

    /** The file at a path of a tree; null if there is none. */
    public static @Nullable FileState find(Snapshot snapshot, String path) {
        return of(snapshot, snapshot.find(path).orElse(null));
    }

    static @Nullable FileState parse(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        FileState state = new FileState(fields.text("mode"), fields.digest("sha256"));
        fields.end();
        return state;
    }

    public boolean executable() {
        return mode.equals(FileMode.EXECUTABLE.octal());
    }

    Map<String, Object> members() {
        return Map.of("mode", mode, "sha256", sha256.hex());
    }
}
