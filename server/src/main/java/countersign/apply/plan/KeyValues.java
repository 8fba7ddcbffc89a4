package countersign.apply.plan;

import countersign.codec.Json;
import countersign.codec.Refusal;
import countersign.codec.yaml.Yaml;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of a configuration file as dotted keys with their values, sorted: YAML, JSON, properties, and the simple
 * ones of env, ini and toml. What has another form, or a line that is not plainly one key with one value, has no keys.
 */
final class KeyValues {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_KEYS = 20_000;
    private static final Pattern SECTION = Pattern.compile("\\[([A-Za-z0-9_. -]{1,200})\\]");
    private static final Pattern LINE = Pattern.compile("(?:export )?([A-Za-z_][A-Za-z0-9_.-]*) *= *(.*)");
    private static final Pattern PLAIN = Pattern.compile("'[^'\\\\]*'|\"[^\"\\\\]*\"|[^'\"\\\\\\[{]*");

    private KeyValues() {}

    /** Keys and values of a file; empty if its form is not known or not plain. */
    static Optional<Map<String, String>> read(String path, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        Optional<Map<String, String>> keys = switch (ending) {
            case "yaml", "yml", "json" -> tree(path, ending, bytes);
            case "properties" -> properties(bytes);
            case "env", "ini", "conf", "toml" -> lines(bytes);
            default -> Optional.empty();
        };
        return keys.filter(found -> found.size() <= MAX_KEYS);
    }

    /** Keys and values of plain values made of maps and lists. */
    static Map<String, String> flatten(Map<String, ? extends @Nullable Object> values) {
        Map<String, String> keys = new TreeMap<>();
        values.forEach((key, value) -> flatten(key, value, keys));
        return keys;
    }

    private static Optional<Map<String, String>> tree(String path, String ending, byte[] bytes) {
        try {
            return Optional.of(
                    ending.equals("json")
                            ? flatten(Json.readObject(path, bytes))
                            : flatten(Yaml.parse(path, bytes).root()));
        } catch (Refusal otherForm) {
            return Optional.empty();
        }
    }

    private static void flatten(String key, @Nullable Object value, Map<String, String> keys) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((name, member) -> flatten(key + "." + name, member, keys));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                flatten(key + "[" + indexOf(list.get(i), i) + "]", list.get(i), keys);
            }
        } else {
            keys.put(key, String.valueOf(value));
        }
    }

    /** An element that has a name is called by it, so that {@code env[DB_PASSWORD].value} is known as a secret. */
    static String indexOf(@Nullable Object element, int position) {
        return element instanceof Map<?, ?> map && map.get("name") instanceof String name
                ? name
                : String.valueOf(position);
    }

    private static Optional<Map<String, String>> properties(byte[] bytes) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)));
        } catch (IOException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
        Map<String, String> keys = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> keys.put(name, properties.getProperty(name)));
        return Optional.of(keys);
    }

    private static Optional<Map<String, String>> lines(byte[] bytes) {
        Map<String, String> keys = new TreeMap<>();
        String section = "";
        for (String line : decode(bytes).split("\n", -1)) {
            String text = line.strip();
            Matcher header = SECTION.matcher(text);
            Matcher entry = LINE.matcher(text);
            if (header.matches()) {
                section = header.group(1) + ".";
            } else if (entry.matches() && PLAIN.matcher(entry.group(2)).matches()) {
                keys.put(section + entry.group(1), entry.group(2));
            } else if (!text.isEmpty() && !text.startsWith("#") && !text.startsWith(";")) {
                return Optional.empty();
            }
        }
        return Optional.of(keys);
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException binary) {
            return "not text";
        }
    }
}
