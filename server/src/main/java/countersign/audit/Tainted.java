package countersign.audit;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.gate.Verifier;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.RevokedKeys;
import countersign.gate.key.Taint;
import countersign.log.LogEntry;
import countersign.log.copy.LogReader;
import countersign.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What compromised keys leave doubtful (PROTOCOL §7): paths whose newest merge would not have merged without a vote of
 * such a key. The chain stays good; the paths don't until a merge that needs no such vote changes them again.
 */
final class Tainted {
    private static final byte[] REVOCATION = "\"type\":\"revocation\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final int SHOWN = 50;

    private RevokedKeys revoked = RevokedKeys.none();
    private final Map<String, String> paths = new TreeMap<>();

    /** Looks ahead: a revocation taints what stands before it. Whether each counts is judged where it stands. */
    void foresee(LogReader.Entry entry) {
        if (isRevocation(entry)) {
            read(entry).ifPresent(logged -> revoked = revoked.with(logged));
        }
    }

    /** Takes note of a merge that is good; says what of it is tainted, a phrase for each requirement. */
    List<String> note(long seq, Verifier.Verdict verdict) {
        List<String> tainted = Taint.of(verdict.gate(), revoked);
        for (Manifest.FileChange file : verdict.manifest().files()) {
            if (tainted.isEmpty()) {
                paths.remove(file.path());
            } else if (!file.path().startsWith("changes/")) {
                paths.put(file.path(), "#" + seq + " " + verdict.manifest().change());
            }
        }
        return tainted;
    }

    /** The paths that are doubtful now. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        paths.entrySet().stream()
                .limit(SHOWN)
                .forEach(path -> findings.add(Finding.error(
                                "tainted-state",
                                "stands as " + path.getValue()
                                        + " left it, which would not have merged without a compromised key",
                                Place.file(path.getKey()))
                        .withWayOut("roll the change back, or change the path by one that others sign")));
        return findings;
    }

    /** What is malformed is refused where it stands. */
    private static Optional<LoggedRevocation> read(LogReader.Entry entry) {
        try {
            return entry.parse() instanceof LogEntry.Revocation revocation
                    ? Optional.of(LoggedRevocation.of(revocation, entry.index()))
                    : Optional.empty();
        } catch (Refusal malformed) {
            return Optional.empty();
        }
    }

    private static boolean isRevocation(LogReader.Entry entry) {
        byte[] bytes = entry.bytes();
        return bytes.length > REVOCATION.length
                && Arrays.equals(
                        bytes, bytes.length - REVOCATION.length, bytes.length, REVOCATION, 0, REVOCATION.length);
    }
}
