package countersign.document;

import countersign.codec.Finding;
import countersign.codec.Place;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which paths a tree may hold (PROTOCOL §1.2–1.4). Three sorts of files: documents ({@code *.yaml}, lower-case ASCII),
 * payload ({@code systems/<system>/files/**}, any text in NFC) and plain content (everything else: ASCII with capitals,
 * so that {@code README.md} may stand). Rules of names hold for every part of every path, so that a tree can be checked
 * out on Linux, macOS and Windows alike.
 */
public final class PathRules {
    private static final int MAX_PATH_BYTES = 512;
    private static final int MAX_NAME_BYTES = 200;
    private static final int MAX_DEPTH = 32;
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern DOCUMENT = Pattern.compile("[a-z0-9._/-]*");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/-]*");
    private static final Pattern PAYLOAD = Pattern.compile("systems/[^/]+/files/.+", Pattern.DOTALL);
    private static final List<String> TRUST_FOLDERS = List.of("access/", "targets/", "policies/", "calendar/");

    private PathRules() {}

    /** What is wrong with a path that a person wants to write; empty if nothing is. */
    public static List<Finding> check(String path) {
        List<Finding> findings = new ArrayList<>(checkShape(path));
        if (path.startsWith("changes/")) {
            checkWriter(path, findings);
        }
        return List.copyOf(findings);
    }

    /** The same for any path of a tree, those that only the server writes included. */
    public static List<Finding> checkShape(String path) {
        List<Finding> findings = new ArrayList<>();
        checkLength(path, findings);
        if (findings.isEmpty()) {
            checkAlphabet(path, findings);
            for (String name : path.split("/", -1)) {
                NameRules.check(path, name, findings);
            }
        }
        return List.copyOf(findings);
    }

    /**
     * Two different names of one folder that a file system or a reader could take for one: equal under case folding or Unicode
     * normalization.
     */
    public static Optional<Finding> collision(Collection<String> siblingNames) {
        if (siblingNames.stream().allMatch(PathRules::isFolded)) {
            return Optional.empty();
        }
        Map<String, String> seen = new HashMap<>();
        for (String name : siblingNames) {
            String other = seen.putIfAbsent(fold(name), name);
            if (other != null) {
                return Optional.of(Finding.error(
                                "path-collision",
                                "the names " + escape(other) + " and " + escape(name)
                                        + " differ only in case or in Unicode form")
                        .withWayOut("rename one of them"));
            }
        }
        return Optional.empty();
    }

    /** Whether two paths are the same to a file system that ignores case or Unicode form. */
    public static boolean collide(String left, String right) {
        return fold(left).equals(fold(right));
    }

    /** Whether a path is a payload file: applied as it is, never interpreted. */
    public static boolean isPayload(String path) {
        return path.startsWith("systems/") && PAYLOAD.matcher(path).matches();
    }

    /** Whether a path holds a document; also true of wrong endings such as {@code .yml}, which are then refused. */
    public static boolean isDocument(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return (lower.endsWith(".yaml") || lower.endsWith(".yml")) && !isPayload(path);
    }

    /** Whether a path decides who may do what. */
    public static boolean isTrustPath(String path) {
        return path.equals("countersign.yaml") || TRUST_FOLDERS.stream().anyMatch(path::startsWith);
    }

    /** The change whose request a path holds; empty if it is another path. */
    public static Optional<ChangePath> changeRequest(String path) {
        return ChangePath.ofDocument(path);
    }

    /** Whether only the server writes a path, at a merge. */
    public static boolean isServerWritten(String path) {
        return ChangePath.ofEvidence(path).isPresent();
    }

    /** Whether a text is a DNS label, as every {@code metadata.name} is. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a text is a path that stays below the folder it is resolved in, wherever that is. */
    public static boolean isSafeRelative(String path) {
        return checkShape("systems/x/files/" + path).isEmpty();
    }

    /** A path as it may be shown: control, format and direction characters escaped. */
    public static String escape(String path) {
        StringBuilder out = new StringBuilder(path.length());
        path.codePoints().forEach(c -> {
            if (NameRules.isInvisible(c)) {
                out.append(String.format("\\u{%x}", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Of most names, which every file system takes as they are, nothing is to be folded. */
    private static String fold(String name) {
        return isFolded(name) ? name : foldAny(name);
    }

    private static boolean isFolded(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isFolded(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFolded(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '/';
    }

    private static String foldAny(String name) {
        String decomposed = Normalizer.normalize(name, Normalizer.Form.NFKD);
        String folded = decomposed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFKD);
    }

    private static void checkLength(String path, List<Finding> findings) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        long depth = path.chars().filter(c -> c == '/').count() + 1;
        if (bytes > MAX_PATH_BYTES) {
            findings.add(error("path-too-long", path, "has " + bytes + " bytes, at most " + MAX_PATH_BYTES));
        } else if (depth > MAX_DEPTH) {
            findings.add(error("path-too-long", path, "has " + depth + " levels, at most " + MAX_DEPTH));
        }
        for (String name : path.split("/", -1)) {
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_NAME_BYTES && findings.isEmpty()) {
                findings.add(
                        error("path-too-long", path, "has a name of " + length + " bytes, at most " + MAX_NAME_BYTES));
            }
        }
    }

    private static void checkAlphabet(String path, List<Finding> findings) {
        if (isPayload(path)) {
            checkPayload(path, findings);
        } else if (path.toLowerCase(Locale.ROOT).endsWith(".yml")) {
            findings.add(error("yml-suffix", path, "ends in .yml; documents end in .yaml")
                    .withWayOut("rename it, or keep it below systems/<system>/files/"));
        } else if (isDocument(path) && !DOCUMENT.matcher(path).matches()) {
            findings.add(error("path-characters", path, "is a document; its path is made of a-z 0-9 . _ - and /"));
        } else if (!PLAIN.matcher(path).matches()) {
            findings.add(error("path-characters", path, "is made of other characters than A-Z a-z 0-9 . _ - and /")
                    .withWayOut("payload below systems/<system>/files/ may have any name"));
        }
    }

    private static void checkPayload(String path, List<Finding> findings) {
        String system = path.split("/", 3)[1];
        if (!isName(system)) {
            findings.add(
                    error("path-characters", path, "names the system " + escape(system) + ", which is no DNS label"));
        }
        if (!Normalizer.isNormalized(path, Normalizer.Form.NFC)) {
            findings.add(error("path-not-nfc", path, "is not in Unicode normalization form C")
                    .withWayOut("rename it; macOS tools often write form D"));
        }
    }

    private static void checkWriter(String path, List<Finding> findings) {
        if (isServerWritten(path)) {
            findings.add(error("server-written-path", path, "is written by the server at the merge, by nobody else"));
        } else if (changeRequest(path).isEmpty()) {
            findings.add(error("not-a-change-request", path, "is not changes/<yyyy-mm-dd>/<name>.yaml"));
        }
    }

    static Finding error(String rule, String path, String problem) {
        String shown = escape(path);
        return Finding.error(rule, "the path " + problem, Place.file(shown));
    }

    /** That an entry of a tree is no plain file, as whoever looks first says it. */
    public static Finding forbiddenMode(String path, String mode) {
        return Finding.error(
                        "forbidden-mode",
                        "mode " + mode + " is not allowed, only 100644 and 100755",
                        Place.file(escape(path)))
                .withWayOut("symlinks and submodules can't be reviewed by their bytes: commit the file itself");
    }
}
