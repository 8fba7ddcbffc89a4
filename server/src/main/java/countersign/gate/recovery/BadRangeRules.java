package countersign.gate.recovery;

import countersign.access.RepositorySettings;
import countersign.codec.Refusal;
import countersign.gate.circumstance.Chain;
import countersign.manifest.BadRange;
import countersign.manifest.FileState;
import countersign.manifest.Manifest;
import countersign.repository.Difference;
import countersign.repository.Differences;
import countersign.repository.DocumentReader;
import countersign.repository.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a recovery that names bad merges goes on from the head that it names (PROTOCOL §7): every path that the bad
 * merges left changed is as it was at that head, and every other path is as later merges have it. Only in
 * {@code access/} and in the server's keys it may differ, but leave nothing there as the bad merges left it. Thread-safe.
 */
public final class BadRangeRules {
    private static final int MAX_PATHS = 1_000_000;
    private static final int SHOWN = 20;

    private final DocumentReader documents;

    public BadRangeRules(DocumentReader documents) {
        this.documents = documents;
    }

    /** Refuses, by the name of the rule, what is no such recovery. */
    public void check(Manifest manifest, BadRange range, Snapshot before, Snapshot after, Chain chain) {
        Snapshot head = requireHead(range, chain);
        Sides sides = new Sides(head, chain.tree(range.to()), before, after);
        Map<String, Kept> left = left(sides);
        requireNoConflict(left);
        requireScope(manifest, left);
        requireContent(left);
        requireSettings(sides, left.get(RepositorySettings.PATH));
        requireNothingLeft(left);
    }

    /**
     * The paths that stand as bad merges left them, and are to be put back; refuses {@code recovery-conflict} if later
     * merges changed such a path again, but in {@code access/}, where that is put back, too.
     */
    public static List<String> standing(Snapshot head, Snapshot bad, Snapshot now) {
        Map<String, Kept> left = left(new Sides(head, bad, now, now));
        requireNoConflict(left);
        return left.entrySet().stream()
                .filter(path ->
                        path.getValue().standsAsLeft() || path.getValue().conflicts())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The head that a recovery names, if the range and the head are of this chain. */
    public static Snapshot requireHead(BadRange range, Chain chain) {
        if (range.to() > chain.seq()) {
            throw new Refusal(
                    "recovery-range",
                    "the recovery names " + range + " bad, the last merge before it is number " + chain.seq());
        }
        String commit = chain.commit(range.from() - 1);
        if (!commit.equals(range.head())) {
            throw new Refusal(
                    "recovery-head",
                    "before merge " + range.from() + " main was at " + commit + ", the recovery goes on from "
                            + range.head());
        }
        Snapshot head = chain.tree(range.from() - 1);
        if (!head.contentRoot().equals(range.contentRoot())) {
            throw new Refusal(
                    "recovery-head",
                    "the content root of " + commit + " is " + head.contentRoot() + ", the recovery names "
                            + range.contentRoot());
        }
        return head;
    }

    /** The four trees that it is about: before and after the bad merges, before and after the recovery. */
    private record Sides(Snapshot head, Snapshot bad, Snapshot before, Snapshot after) {}

    /** One path that the bad merges left changed, in the four trees; null where there is nothing. */
    private record Kept(
            @Nullable FileState head,
            @Nullable FileState bad,
            @Nullable FileState before,
            @Nullable FileState after) {
        boolean standsAsLeft() {
            return Objects.equals(before, bad);
        }

        /** In the recovery's own scope: as the bad merges left it, or as a later one made it of that. */
        boolean stays() {
            return Objects.equals(after, bad) || (conflicts() && Objects.equals(after, before));
        }

        boolean conflicts() {
            return !standsAsLeft() && !Objects.equals(before, head);
        }
    }

    private static Map<String, Kept> left(Sides sides) {
        Map<String, Kept> left = new TreeMap<>();
        for (Difference difference : Differences.between(sides.head, sides.bad, MAX_PATHS)) {
            String path = difference.path();
            if (!path.startsWith("changes/")) {
                left.put(
                        path,
                        new Kept(
                                FileState.find(sides.head, path),
                                FileState.find(sides.bad, path),
                                FileState.find(sides.before, path),
                                FileState.find(sides.after, path)));
            }
        }
        return left;
    }

    /** What a later merge made of a path that the bad ones changed can't be kept and can't be taken back. */
    private static void requireNoConflict(Map<String, Kept> left) {
        List<String> conflicts = left.entrySet().stream()
                .filter(path -> path.getValue().conflicts() && !RecoveryRules.isAccess(path.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (!conflicts.isEmpty()) {
            throw new Refusal(
                    "recovery-conflict",
                    "merges behind the bad ones changed these again: " + shown(conflicts),
                    "name those merges, too, and open what was good of them again");
        }
    }

    private static void requireScope(Manifest manifest, Map<String, Kept> left) {
        List<String> others = manifest.files().stream()
                .map(Manifest.FileChange::path)
                .filter(path -> !left.containsKey(path)
                        && !RecoveryRules.isOwn(path)
                        && !path.equals(manifest.change().document()))
                .toList();
        if (!others.isEmpty()) {
            throw new Refusal(
                    "recovery-scope",
                    "the bad merges did not change " + shown(others)
                            + "; beside them a recovery changes access/** and the server's keys only",
                    "recover first, then open a normal change for the rest");
        }
    }

    private static void requireContent(Map<String, Kept> left) {
        List<String> wrong = new ArrayList<>();
        left.forEach((path, kept) -> {
            if (!RecoveryRules.isOwn(path) && !Objects.equals(kept.after(), kept.head())) {
                wrong.add(path);
            }
        });
        if (!wrong.isEmpty()) {
            throw new Refusal("recovery-content", "these are not as the new head has them: " + shown(wrong));
        }
    }

    private void requireSettings(Sides sides, @Nullable Kept kept) {
        Snapshot wanted = kept != null && kept.standsAsLeft() ? sides.head : sides.before;
        RepositorySettings expected = RepositorySettings.of(wanted, documents);
        RepositorySettings now = RepositorySettings.of(sides.after, documents);
        if (!RecoveryRules.withKeys(expected, now.serverKeys()).equals(now)) {
            throw new Refusal(
                    "recovery-content",
                    RepositorySettings.PATH + " is not as the new head has it, in more than spec/serverKeys");
        }
    }

    private static void requireNothingLeft(Map<String, Kept> left) {
        List<String> standing = left.entrySet().stream()
                .filter(path -> path.getValue().stays())
                .map(Map.Entry::getKey)
                .toList();
        if (!standing.isEmpty()) {
            throw new Refusal(
                    "recovery-leaves-bad",
                    "these still stand as the bad merges left them, or as later ones made them of that: "
                            + shown(standing));
        }
    }

    private static String shown(List<String> paths) {
        return paths.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (paths.size() > SHOWN ? " and " + (paths.size() - SHOWN) + " more" : "");
    }
}
