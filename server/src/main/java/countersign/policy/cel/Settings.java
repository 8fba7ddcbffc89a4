package countersign.policy.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings that the files of a SystemConfig make: each leaf of structured {@code data}, and each line of written
 * {@code content} that names a value.
 */
final class Settings {
    private static final int MAX_SETTINGS = 20_000;
    private static final int MAX_LINE = 2_000;
    private static final Pattern LINE =
            Pattern.compile("\\s*(?:export\\s+|set\\s+)?([A-Za-z][A-Za-z0-9_.-]{0,127})(?:\\s*[=:]\\s*|\\s+)(\\S.*)");

    private final String file;
    private final List<Object> settings;

    private Settings(String file, List<Object> settings) {
        this.file = file;
        this.settings = settings;
    }

    /** A list of {@code file, path, name, value}; empty for what is no SystemConfig. */
    static List<Object> of(Object document) {
        List<Object> settings = new ArrayList<>();
        if (document instanceof Map<?, ?> root
                && root.get("spec") instanceof Map<?, ?> spec
                && spec.get("files") instanceof List<?> files) {
            for (Object each : files) {
                if (each instanceof Map<?, ?> file) {
                    Settings read = new Settings(String.valueOf(file.get("path")), settings);
                    read.walk("", file.get("data"));
                    read.lines(file.get("content"));
                }
            }
        }
        return settings;
    }

    private void walk(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> walk(path.isEmpty() ? String.valueOf(name) : path + "." + name, member));
        } else if (value instanceof List<?> list) {
            list.forEach(element -> walk(path, element));
        } else if (value != null) {
            add(path, String.valueOf(value));
        }
    }

    private void lines(@Nullable Object content) {
        if (content instanceof String text) {
            text.lines().filter(line -> line.length() <= MAX_LINE).forEach(line -> {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    add(matcher.group(1), unquoted(matcher.group(2).strip()));
                }
            });
        }
    }

    private void add(String path, String value) {
        if (settings.size() < MAX_SETTINGS) {
            String lower = path.toLowerCase(Locale.ROOT).replace('_', '-');
            settings.add(Map.of(
                    "file", file, "path", lower, "name", lower.substring(lower.lastIndexOf('.') + 1), "value", value));
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
