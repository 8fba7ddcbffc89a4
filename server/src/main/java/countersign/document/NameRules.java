package countersign.document;

import countersign.codec.Finding;
import countersign.codec.Unicode13;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules for one part of a path: what Git, Windows or macOS would take for something else. */
final class NameRules {
    private static final Set<String> FORBIDDEN = Set.of(".gitattributes", ".mailmap", ".gitmodules", ".lfsconfig");
    private static final Pattern RESERVED =
            Pattern.compile("(con|prn|aux|nul|clock\\$|conin\\$|conout\\$|(com|lpt)[0-9¹²³])[ ]*([.:].*)?");
    private static final Pattern SHORT_NAME = Pattern.compile("[^.]{1,8}~[0-9]{1,6}(\\.[^.]{0,3})?");
    private static final String WINDOWS_SIGNS = "<>:\"|?*\\";

    private NameRules() {}

    static void check(String path, String name, List<Finding> findings) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            String shown = name.isEmpty() ? "an empty part" : "the part " + name;
            findings.add(PathRules.error("path-segment", path, "has " + shown));
        } else if (name.codePoints().anyMatch(NameRules::isInvisible)) {
            findings.add(PathRules.error("path-invisible", path, "has a control, format or replacement character"));
        } else if (lower.equals(".git") || lower.equals("git~1")) {
            findings.add(PathRules.error("git-folder", path, "has a part that is Git's own folder to some systems"));
        } else if (FORBIDDEN.contains(lower)) {
            findings.add(PathRules.error(
                    "forbidden-name", path, "has the name " + lower + ", which changes how Git reads a tree"));
        } else {
            checkWindows(path, lower, findings);
        }
    }

    /** True of characters that people cannot see or that have no agreed form on every Java. */
    static boolean isInvisible(int c) {
        return !Unicode13.isAssigned(c) || isUnseen(c);
    }

    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> c == 0xFFFD || (c != ' ' && Character.isSpaceChar(c));
        };
    }

    private static void checkWindows(String path, String lower, List<Finding> findings) {
        if (RESERVED.matcher(lower).matches()) {
            findings.add(PathRules.error("windows-reserved", path, "has the name " + lower + ", a device of Windows"));
        } else if (SHORT_NAME.matcher(lower).matches()) {
            findings.add(PathRules.error(
                    "windows-short-name", path, "has the name " + lower + ", which Windows may give to another file"));
        } else if (lower.chars().anyMatch(c -> WINDOWS_SIGNS.indexOf(c) >= 0)) {
            findings.add(PathRules.error(
                    "windows-characters", path, "has one of " + WINDOWS_SIGNS + " which Windows cannot write"));
        } else if (lower.endsWith(".") || lower.endsWith(" ") || lower.startsWith(" ")) {
            findings.add(PathRules.error(
                    "windows-characters", path, "has a name that ends in a dot or a space, or begins with a space"));
        } else if (lower.startsWith("-")) {
            findings.add(PathRules.error(
                    "leading-dash", path, "has a name that begins with a dash, which tools take for an option"));
        }
    }
}
