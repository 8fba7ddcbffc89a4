package countersign.audit;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.gate.key.LoggedRevocation;
import countersign.gate.key.RevokedKeys;
import countersign.gate.taint.BadMerges;
import countersign.gate.taint.Taint;
import countersign.gate.vote.Statement;
import countersign.gate.vote.Vote;
import countersign.log.LogEntry;
import countersign.log.copy.LogReader;
import countersign.manifest.ChangeId;
import countersign.manifest.Manifest;
import countersign.repository.Repository;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What compromised keys and bad merges leave doubtful (PROTOCOL §7): paths whose newest merge is tainted. The chain stays
 * good; the paths don't until an untainted merge changes them again. Looks ahead first, at what taints merges that stand
 * before it; then is told of the merges in their order.
 */
final class Tainted {
    private static final byte[] REVOCATION = ascii("\"type\":\"revocation\"}\n");
    private static final byte[] STATEMENT = ascii("\"type\":\"statement\"}\n");
    private static final byte[] MERGE = ascii("\"type\":\"merge\"}\n");
    private static final byte[] NAMES_BAD = ascii("\\\"recovery\\\":{\\\"bad\\\":{");
    private static final int SHOWN = 50;

    private final Repository clone;

    /** By the digest of its manifest, a change that a statement calls a recovery which names merges bad. */
    private final Map<Sha256, ChangeId> recoveries = new HashMap<>();

    private RevokedKeys revoked = RevokedKeys.none();
    private BadMerges bad = BadMerges.none();
    private @Nullable Taint taint;

    Tainted(Repository clone) {
        this.clone = clone;
    }

    /** Looks ahead at an entry, in the order of the log. Whether it counts is judged where it stands. */
    void foresee(LogReader.Entry entry) {
        try {
            if (ends(entry, REVOCATION)) {
                foreseeRevocation(entry);
            } else if (ends(entry, STATEMENT) && contains(entry.bytes(), NAMES_BAD)) {
                foreseeStatement(entry);
            } else if (!recoveries.isEmpty() && ends(entry, MERGE)) {
                foreseeMerge(entry);
            }
        } catch (Refusal malformed) {
            // What is malformed is refused where it stands.
        }
    }

    /** Whether a statement was seen that calls its change a recovery which names merges bad. */
    boolean expectsRecovery() {
        return !recoveries.isEmpty();
    }

    /** The number of the recovery that names a merge bad. */
    OptionalLong namer(long merge) {
        return bad.find(merge);
    }

    /** Takes note of a merge; says what of it is tainted, a phrase for each reason. */
    List<String> note(Taint.Merge merge) {
        return known().note(merge);
    }

    /** The paths that are doubtful now. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        new TreeMap<>(known().doubtful())
                .entrySet().stream()
                        .limit(SHOWN)
                        .forEach(path -> findings.add(Finding.error(
                                        "tainted-state",
                                        "stands as " + path.getValue() + " left it, which is tainted",
                                        Place.file(path.getKey()))
                                .withWayOut("roll the change back, or change the path by one that others sign")));
        return findings;
    }

    private Taint known() {
        Taint present = taint;
        if (present == null) {
            present = new Taint(revoked, bad);
            taint = present;
        }
        return present;
    }

    private void foreseeRevocation(LogReader.Entry entry) {
        if (entry.parse() instanceof LogEntry.Revocation revocation) {
            revoked = revoked.with(LoggedRevocation.of(revocation, entry.index()));
        }
    }

    private void foreseeStatement(LogReader.Entry entry) {
        if (entry.parse() instanceof LogEntry.Statement statement) {
            Statement.Effect said =
                    Vote.of(statement, entry.index()).statement().effect();
            if (said.recovery() != null) {
                recoveries.put(said.manifest(), said.change());
            }
        }
    }

    private void foreseeMerge(LogReader.Entry entry) {
        if (entry.parse() instanceof LogEntry.Merge merge) {
            Optional<ChangeId> change = Optional.ofNullable(recoveries.get(merge.manifest()));
            change.map(found -> manifest(merge, found))
                    .map(Manifest::recovery)
                    .ifPresent(range -> bad = bad.with(merge.seq(), range));
        }
    }

    private Manifest manifest(LogEntry.Merge merge, ChangeId change) {
        byte[] bytes = clone.snapshot(merge.after()).read(change.folder() + "/manifest.json", Manifest.MAX_BYTES);
        CloneAudit.requireSame("manifest-digest", "manifest.json", merge.manifest(), Sha256.of(bytes));
        return Manifest.parse(bytes);
    }

    private static boolean ends(LogReader.Entry entry, byte[] end) {
        byte[] bytes = entry.bytes();
        return bytes.length > end.length
                && Arrays.equals(bytes, bytes.length - end.length, bytes.length, end, 0, end.length);
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            if (bytes[at] == wanted[0] && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
