package countersign.codec;

import org.jspecify.annotations.Nullable;

/**
 * Where in a file something was found.
 *
 * @param path path inside the repository
 * @param line first line is 1; 0 when the whole file is meant
 * @param column first column is 1; 0 when the whole line is meant
 * @param pointer JSON pointer (RFC 6901) of the value, where there is one
 */
public record Place(
        String path, int line, int column, @Nullable String pointer) {
    public static Place file(String path) {
        return new Place(path, 0, 0, null);
    }

    /** {@code path:line:column}, as compilers print it. */
    @Override
    public String toString() {
        return line == 0 ? path : column == 0 ? path + ":" + line : path + ":" + line + ":" + column;
    }
}
