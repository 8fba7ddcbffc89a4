package countersign.repository;

import countersign.codec.Refusal;

/**
 * The folders that one walk over a tree enters. Git keeps a folder once and lists it at as many paths as somebody likes, so
 * a few trees of folders without files have more paths than anybody can walk. For one thread.
 */
public final class EnteredFolders {
    private static final int MAX_DEPTH = 200;
    private static final long WITHOUT_FILES = 10_000;
    private static final long FOR_EACH_FILE = 64;

    private long entered;
    private long files;

    /** Refuses with {@code too-many-paths} what is too deep, or more folders than the files so far can stand in. */
    public void enter(String folder) {
        if (folder.chars().filter(c -> c == '/').count() >= MAX_DEPTH) {
            throw new Refusal("too-many-paths", "a tree has folders more than " + MAX_DEPTH + " levels deep");
        }
        if (++entered > WITHOUT_FILES + FOR_EACH_FILE * files) {
            throw new Refusal(
                    "too-many-paths",
                    "a tree has more than " + WITHOUT_FILES + " folders without files, for example " + folder);
        }
    }

    /** Notes a file that was found. */
    public void found() {
        files++;
    }
}
