package countersign.repository;

import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What changed between two snapshots, path by path; equal folders are not entered, so the cost follows the change. */
public final class Differences {
    private final Snapshot before;
    private final Snapshot after;
    private final int limit;
    private final List<Difference> found = new ArrayList<>();

    private Differences(Snapshot before, Snapshot after, int limit) {
        this.before = before;
        this.after = after;
        this.limit = limit;
    }

    /**
     * The files that differ in mode or bytes, sorted by the UTF-8 bytes of their path; folders are not listed, and a
     * rename is a deletion and an addition.
     *
     * @param limit more than this many is a Refusal {@code too-many-paths}
     */
    public static List<Difference> between(Snapshot before, Snapshot after, int limit) {
        Differences differences = new Differences(before, after, limit);
        if (!before.treeId().equals(after.treeId())) {
            differences.compareFolders("", true, true);
        }
        differences.found.sort(Comparator.comparing(Difference::path, Differences::compareUtf8));
        return List.copyOf(differences.found);
    }

    /** Compares two texts by their UTF-8 bytes, which is by code points. */
    public static int compareUtf8(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                boolean bothPlain = !Character.isSurrogate(l) && !Character.isSurrogate(r);
                boolean bothSurrogate = Character.isSurrogate(l) && Character.isSurrogate(r);
                return bothPlain || bothSurrogate ? Character.compare(l, r) : Character.isSurrogate(l) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private void compareFolders(String folder, boolean stoodBefore, boolean standsAfter) {
        Map<String, TreeEntry> left = entries(before, folder, stoodBefore);
        Map<String, TreeEntry> right = entries(after, folder, standsAfter);
        left.forEach((name, entry) -> compare(folder, entry, right.get(name)));
        right.forEach((name, entry) -> {
            if (!left.containsKey(name)) {
                compare(folder, null, entry);
            }
        });
    }

    private static Map<String, TreeEntry> entries(Snapshot snapshot, String folder, boolean stands) {
        Map<String, TreeEntry> entries = new LinkedHashMap<>();
        if (stands) {
            snapshot.list(folder).forEach(entry -> entries.put(entry.name(), entry));
        }
        return entries;
    }

    private void compare(String folder, @Nullable TreeEntry left, @Nullable TreeEntry right) {
        if (left != null && left.equals(right)) {
            return;
        }
        String name = left != null ? left.name() : right != null ? right.name() : "";
        String path = folder.isEmpty() ? name : folder + "/" + name;
        boolean leftFolder = left != null && left.isFolder();
        boolean rightFolder = right != null && right.isFolder();
        if (leftFolder || rightFolder) {
            compareFolders(path, leftFolder, rightFolder);
        }
        addFile(path, leftFolder ? null : left, rightFolder ? null : right);
    }

    private void addFile(String path, @Nullable TreeEntry left, @Nullable TreeEntry right) {
        if (left == null && right == null) {
            return;
        }
        if (found.size() == limit) {
            throw new Refusal("too-many-paths", "more than " + limit + " paths differ");
        }
        found.add(new Difference(path, left, right));
    }
}
