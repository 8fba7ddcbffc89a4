package countersign.repository;

import countersign.codec.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What changed between two snapshots, path by path; equal folders are not entered, so the cost follows the change. */
public final class Differences {
    private final Snapshot before;
    private final Snapshot after;
    private final int limit;
    private final List<Difference> found = new ArrayList<>();
    private final EnteredFolders folders = new EnteredFolders();

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
                return compareUtf8(l, r);
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** Compares two characters of texts that are the same before them; halves of a pair stand for what both encode. */
    static int compareUtf8(char left, char right) {
        boolean surrogate = Character.isSurrogate(left);
        return surrogate == Character.isSurrogate(right) ? Character.compare(left, right) : surrogate ? 1 : -1;
    }

    /** Both sides are in Git's order, so one walk finds what only one of them has. */
    private void compareFolders(String folder, boolean stoodBefore, boolean standsAfter) {
        folders.enter(folder);
        List<TreeEntry> left = stoodBefore ? before.list(folder) : List.of();
        List<TreeEntry> right = standsAfter ? after.list(folder) : List.of();
        int l = 0;
        int r = 0;
        while (l < left.size() || r < right.size()) {
            int order = l == left.size()
                    ? 1
                    : r == right.size() ? -1 : TreeEntry.GIT_ORDER.compare(left.get(l), right.get(r));
            compare(folder, order <= 0 ? left.get(l) : null, order >= 0 ? right.get(r) : null);
            l += order <= 0 ? 1 : 0;
            r += order >= 0 ? 1 : 0;
        }
    }

    private void compare(String folder, @Nullable TreeEntry left, @Nullable TreeEntry right) {
        if (left != null && Objects.equals(left, right)) {
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
        folders.found();
    }
}
