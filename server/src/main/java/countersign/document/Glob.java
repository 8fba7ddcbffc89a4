package countersign.document;

/**
 * A pattern over paths and names: {@code *} is any run of characters but {@code /}, {@code **} any run of characters,
 * {@code ?} one character but {@code /}. A pattern that ends in {@code /**} also matches what is directly in the folder.
 * Matching takes time proportional to pattern × path, whatever the pattern.
 *
 * @param pattern the pattern
 */
public record Glob(String pattern) {
    public boolean matches(String path) {
        boolean[] reached = new boolean[path.length() + 1];
        reached[0] = true;
        for (int i = 0; i < pattern.length(); i++) {
            char symbol = pattern.charAt(i);
            if (symbol == '*') {
                boolean crosses = i + 1 < pattern.length() && pattern.charAt(i + 1) == '*';
                spread(reached, path, crosses);
                i += crosses ? 1 : 0;
            } else {
                step(reached, path, symbol);
            }
        }
        return reached[path.length()];
    }

    /** True if the list is empty or any of its patterns matches. */
    public static boolean anyOrEmpty(Iterable<Glob> patterns, String path) {
        boolean empty = true;
        for (Glob glob : patterns) {
            if (glob.matches(path)) {
                return true;
            }
            empty = false;
        }
        return empty;
    }

    private static void spread(boolean[] reached, String path, boolean crossesFolders) {
        for (int at = 0; at < path.length(); at++) {
            reached[at + 1] |= reached[at] && (crossesFolders || path.charAt(at) != '/');
        }
    }

    private static void step(boolean[] reached, String path, char symbol) {
        for (int at = path.length(); at > 0; at--) {
            char c = path.charAt(at - 1);
            reached[at] = reached[at - 1] && (symbol == c || (symbol == '?' && c != '/'));
        }
        reached[0] = false;
    }
}
