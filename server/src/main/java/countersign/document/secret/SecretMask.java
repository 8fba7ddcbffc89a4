package countersign.document.secret;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hides secrets in what is shown: plans, differences, pages. Both sides of a difference must go through it first. */
final class SecretMask {
    /** What stands in the place of a secret. It does not depend on the secret. */
    public static final String MASK = "••••••";

    private SecretMask() {}

    /** A copy of a tree of Map, List and scalars with the values under telling names and the known shapes hidden. */
    public static @Nullable Object tree(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> masked = new LinkedHashMap<>();
            map.forEach((key, member) -> masked.put((String) key, member((String) key, member, map)));
            return masked;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> masked = new ArrayList<>();
            list.forEach(element -> masked.add(tree(element)));
            return masked;
        }
        return value instanceof String text ? hide(text, SecretShapes.find(text)) : value;
    }

    /** The text of a file with its secrets hidden; line ends stay, so that lines keep their numbers. */
    public static String text(String path, String text) {
        Stream<SecretShapes.Found> fields =
                Secrets.isConfiguration(path) ? SecretFields.find(text).stream() : Stream.empty();
        return hide(
                text, Stream.concat(fields, SecretShapes.find(text).stream()).toList());
    }

    private static @Nullable Object member(String name, @Nullable Object value, Map<?, ?> siblings) {
        if (Secrets.isSecret(name, value)
                || (name.equals("value") && Secrets.isSecret(String.valueOf(siblings.get("name")), value))) {
            return MASK;
        }
        return name.equals("content") && value instanceof String content
                ? text(String.valueOf(siblings.get("path")), content)
                : tree(value);
    }

    private static String hide(String text, List<SecretShapes.Found> secrets) {
        StringBuilder out = new StringBuilder();
        int done = 0;
        for (SecretShapes.Found found : secrets.stream()
                .sorted(Comparator.comparingInt(SecretShapes.Found::start))
                .toList()) {
            if (found.end() > done) {
                out.append(text, done, Math.max(done, found.start()));
                out.append(MASK).append("\n".repeat(lines(text, Math.max(done, found.start()), found.end())));
                done = found.end();
            }
        }
        return out.append(text, done, text.length()).toString();
    }

    private static int lines(String text, int start, int end) {
        return (int) text.substring(start, end).chars().filter(c -> c == '\n').count();
    }
}
