package countersign.target;

import countersign.codec.CanonicalJson;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.repository.FileMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands, or is to stand, of one system at one target: digests only. Two states are the same if their digests are.
 *
 * @param digest SHA-256 of the canonical JSON array of {@code {mode, path, sha256}} sorted by path (PROTOCOL §2.2); null
 *     if nothing is deployed
 * @param files every file, sorted by the UTF-8 bytes of its path
 */
public record TargetState(@Nullable Sha256 digest, List<FileState> files) {
    /** Nothing is deployed. */
    public static final TargetState NOTHING = new TargetState(null, List.of());

    /** One file: path below the system's folder, mode, and digest of its bytes. */
    public record FileState(String path, FileMode mode, Sha256 sha256) {
        Map<String, String> row() {
            return Map.of("path", path, "mode", mode.octal(), "sha256", sha256.hex());
        }
    }

    public TargetState {
        files = List.copyOf(files);
    }

    /** The state that has exactly these files; none at all is an empty folder, which is not {@link #NOTHING}. */
    public static TargetState of(List<FileState> files) {
        List<FileState> sorted = files.stream()
                .sorted(Comparator.comparing(FileState::path, CanonicalJson.UTF8_ORDER))
                .toList();
        List<Map<String, String>> rows = sorted.stream().map(FileState::row).toList();
        return new TargetState(Sha256.of(CanonicalJson.write(rows)), sorted);
    }

    public boolean nothing() {
        return digest == null;
    }

    public boolean same(TargetState other) {
        return Objects.equals(digest, other.digest);
    }

    /** The paths whose bytes or modes differ, sorted. */
    public Set<String> differingPaths(TargetState other) {
        Map<String, FileState> mine = byPath();
        Map<String, FileState> theirs = other.byPath();
        Set<String> paths = new TreeSet<>(mine.keySet());
        paths.addAll(theirs.keySet());
        paths.removeIf(path -> Objects.equals(mine.get(path), theirs.get(path)));
        return paths;
    }

    /** The digest's digits, or {@code nothing}. */
    @Override
    public String toString() {
        return digest == null ? "nothing" : digest.hex();
    }

    /** A Refusal {@code target-drifted} that names both digests and the differing paths. */
    static Refusal drifted(Location location, TargetState expected, TargetState standing) {
        Set<String> paths = expected.differingPaths(standing);
        String named = paths.stream().limit(20).collect(Collectors.joining(", "));
        return new Refusal(
                "target-drifted",
                location + " should stand at " + expected + " and stands at " + standing + "; differing: "
                        + (paths.isEmpty() ? "none known" : named)
                        + (paths.size() > 20 ? " and " + (paths.size() - 20) + " more" : ""),
                "bring the target back to the expected state, or merge a change that starts from what stands");
    }

    private Map<String, FileState> byPath() {
        return files.stream()
                .collect(Collectors.toMap(FileState::path, Function.identity(), (one, same) -> one, TreeMap::new));
    }
}
