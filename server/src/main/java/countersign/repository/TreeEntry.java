package countersign.repository;

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

    public boolean isFolder() {
        return rawMode.equals(FOLDER);
    }

    /** The mode if this is a file of a permitted mode, otherwise null. */
    public @Nullable FileMode fileMode() {
        return FileMode.find(rawMode).orElse(null);
    }
}
