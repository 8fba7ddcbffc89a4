package countersign.manifest;

import countersign.codec.CanonicalJson;
import countersign.codec.Sha256;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A unit as one snapshot wants it: its files and its plan.
 *
 * @param unit target and system
 * @param files sorted by path
 * @param plan everything that executes or routes, as plain values with a canonical form
 */
public record UnitContent(Unit unit, List<UnitFile> files, Map<String, @Nullable Object> plan) {
    public UnitContent {
        files = files.stream()
                .sorted(Comparator.comparing(UnitFile::path, CanonicalJson.UTF8_ORDER))
                .toList();
    }

    /**
     * Digest of the files: SHA-256 of the canonical JSON array of {@code {mode, path, sha256}}. An agent computes the
     * same from a folder.
     */
    public Sha256 stateDigest() {
        return Sha256.of(CanonicalJson.write(files.stream()
                .map(file -> Map.of(
                        "path",
                        file.path(),
                        "mode",
                        file.mode().octal(),
                        "sha256",
                        file.sha256().hex()))
                .toList()));
    }

    /** Digest of the plan's canonical JSON. */
    public Sha256 planDigest() {
        return Sha256.of(CanonicalJson.write(plan));
    }
}
