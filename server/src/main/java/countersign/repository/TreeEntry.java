package countersign.repository;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One name in a folder of a snapshot.
 *
 * @param name the last part of the path
 * @param rawMode six octal digits as Git stores them: {@code 040000} for a folder; anything that is neither a folder nor
 *     a {@link FileMode} is refused by whoever judges a tree
 * @param id Git object id, 40 lower-case hexadecimal digits
 */
public record TreeEntry(String name, String rawMode, String id) {
    public static final String FOLDER = "040000";

    /** By the UTF-8 bytes of the name, where a folder's name counts with a {@code /} at its end. */
    public static final Comparator<TreeEntry> GIT_ORDER =
            (left, right) -> left == right ? 0 : compare(left.name, left.isFolder(), right.name, right.isFolder());

    public boolean isFolder() {
        return rawMode.equals(FOLDER);
    }

    /** The mode if this is a file of a permitted mode, otherwise null. */
    public @Nullable FileMode fileMode() {
        return FileMode.find(rawMode).orElse(null);
    }

    /** The entry of a name among the entries of a folder, which are in Git's order and have each name once. */
    public static Optional<TreeEntry> find(List<TreeEntry> entries, String name) {
        return find(entries, name, false).or(() -> find(entries, name, true));
    }

    private static Optional<TreeEntry> find(List<TreeEntry> entries, String name, boolean folder) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            TreeEntry entry = entries.get(middle);
            int order = compare(entry.name, entry.isFolder(), name, folder);
            if (order == 0) {
                return Optional.of(entry);
            }
            low = order < 0 ? middle + 1 : low;
            high = order > 0 ? middle - 1 : high;
        }
        return Optional.empty();
    }

    private static int compare(String left, boolean leftFolder, String right, boolean rightFolder) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                return Differences.compareUtf8(l, r);
            }
        }
        return Character.compare(after(left, leftFolder, length), after(right, rightFolder, length));
    }

    /** The character at the end of what two names share; NUL, which no name holds, where the name ends. */
    private static char after(String name, boolean folder, int length) {
        return name.length() > length ? name.charAt(length) : folder ? '/' : 0;
    }
}
