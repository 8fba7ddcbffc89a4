package countersign.manifest.rendering;

import countersign.codec.Refusal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Structured data as the text of a configuration file; part of engine 1, so its output never changes. Members keep the
 * order of the document. Numbers with a fraction are written without an exponent and with the fewest digits that give the
 * same double, at least one of them after the point. What a format cannot say is a Refusal {@code not-renderable}.
 */
public enum Rendering {
    /** {@code a.b.c=value} per line, ISO 8859-1 escapes as {@code java.util.Properties} reads them. */
    PROPERTIES {
        @Override
        void write(StringBuilder out, Map<?, ?> data) {
            flatten(
                    "",
                    data,
                    (key, value) -> out.append(escapeProperty(key, true))
                            .append('=')
                            .append(escapeProperty(scalar(value), false))
                            .append('\n'));
        }
    },
    /** {@code A_B_C='value'} per line, for POSIX shells. */
    ENV {
        @Override
        void write(StringBuilder out, Map<?, ?> data) {
            flatten(
                    "",
                    data,
                    (key, value) -> out.append(environmentName(key))
                            .append("='")
                            .append(scalar(value).replace("'", "'\\''"))
                            .append("'\n"));
        }
    },
    /** Scalars first, then one section per mapping. */
    INI {
        @Override
        void write(StringBuilder out, Map<?, ?> data) {
            writeIni(out, data);
        }
    },
    JSON {
        @Override
        void write(StringBuilder out, Map<?, ?> data) {
            writeJson(out, data, "");
            out.append('\n');
        }
    },
    /** Block style; every string value is double-quoted, and so is a key that a reader could take for something else. */
    YAML {
        @Override
        void write(StringBuilder out, Map<?, ?> data) {
            writeYaml(out, data, "");
        }
    },
    /** Dotted keys, so that no table header is needed. */
    TOML {
        @Override
        void write(StringBuilder out, Map<?, ?> data) {
            flatten(
                    "",
                    data,
                    (key, value) -> out.append(tomlKey(key))
                            .append(" = ")
                            .append(inline(requireNoNull(value), " = "))
                            .append('\n'));
        }
    };

    /** Words that some YAML readers take for booleans or null. */
    private static final Set<String> AMBIGUOUS = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    abstract void write(StringBuilder out, Map<?, ?> data);

    public static byte[] render(String format, Map<?, ?> data) {
        StringBuilder out = new StringBuilder();
        Rendering.valueOf(format.toUpperCase(Locale.ROOT)).write(out, data);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void flatten(String prefix, Map<?, ?> data, BiConsumer<String, @Nullable Object> leaf) {
        data.forEach((key, value) -> {
            String name = prefix.isEmpty() ? (String) key : prefix + "." + key;
            if (value instanceof Map<?, ?> map) {
                flatten(name, map, leaf);
            } else {
                leaf.accept(name, value);
            }
        });
    }

    private static void writeIni(StringBuilder out, Map<?, ?> data) {
        data.forEach((key, value) -> {
            if (!(value instanceof Map<?, ?>)) {
                out.append(oneLine(key)).append(" = ").append(oneLine(value)).append('\n');
            }
        });
        data.forEach((key, value) -> {
            if (value instanceof Map<?, ?> section) {
                out.append('[').append(oneLine(key)).append("]\n");
                flatten(
                        "",
                        section,
                        (name, leaf) -> out.append(oneLine(name))
                                .append(" = ")
                                .append(oneLine(leaf))
                                .append('\n'));
            }
        });
    }

    private static void writeJson(StringBuilder out, @Nullable Object value, String indent) {
        String deeper = indent + "  ";
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            String separator = "{\n";
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(separator)
                        .append(deeper)
                        .append(quote((String) member.getKey()))
                        .append(": ");
                writeJson(out, member.getValue(), deeper);
                separator = ",\n";
            }
            out.append('\n').append(indent).append('}');
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            String separator = "[\n";
            for (Object element : list) {
                out.append(separator).append(deeper);
                writeJson(out, element, deeper);
                separator = ",\n";
            }
            out.append('\n').append(indent).append(']');
        } else {
            out.append(inline(value, ": "));
        }
    }

    private static void writeYaml(StringBuilder out, Map<?, ?> map, String indent) {
        map.forEach((key, value) -> {
            out.append(indent).append(yamlKey((String) key)).append(':');
            appendYamlValue(out, value, indent);
        });
    }

    private static String yamlKey(String key) {
        boolean plain = key.matches("[A-Za-z_][A-Za-z0-9_-]*") && !AMBIGUOUS.contains(key.toLowerCase(Locale.ROOT));
        return plain ? key : quote(key);
    }

    private static void appendYamlValue(StringBuilder out, @Nullable Object value, String indent) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            out.append('\n');
            writeYaml(out, map, indent + "  ");
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            out.append('\n');
            list.forEach(element -> out.append(indent)
                    .append("  - ")
                    .append(inline(element, ": "))
                    .append('\n'));
        } else {
            out.append(' ').append(inline(value, ": ")).append('\n');
        }
    }

    /** JSON's flow style, which YAML shares; TOML differs in what stands between key and value. */
    private static String inline(@Nullable Object value, String assign) {
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((key, member) -> members.add(quote((String) key) + assign + inline(member, assign)));
            return "{" + String.join(", ", members) + "}";
        }
        if (value instanceof List<?> list) {
            return "["
                    + String.join(
                            ", ",
                            list.stream()
                                    .map(element -> inline(element, assign))
                                    .toList())
                    + "]";
        }
        return value instanceof String text ? quote(text) : scalar(value);
    }

    private static String scalar(@Nullable Object value) {
        if (value instanceof Double fraction) {
            return shortest(fraction);
        }
        if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(Rendering::element).toList());
        }
        return String.valueOf(value);
    }

    private static String element(@Nullable Object value) {
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            throw new Refusal("not-renderable", "this format has lists of single values only");
        }
        return scalar(value);
    }

    private static @Nullable Object requireNoNull(@Nullable Object value) {
        boolean inList = value instanceof List<?> list && list.stream().anyMatch(Rendering::holdsNull);
        if (value == null || inList) {
            throw new Refusal("not-renderable", "toml has no null", "leave the member out");
        }
        return value;
    }

    private static boolean holdsNull(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(Rendering::holdsNull);
        }
        return value == null
                || (value instanceof Map<?, ?> map && map.values().stream().anyMatch(Rendering::holdsNull));
    }

    private static String environmentName(String key) {
        StringBuilder name = new StringBuilder();
        key.codePoints().forEach(c -> {
            boolean small = c >= 'a' && c <= 'z';
            boolean plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            name.append(small ? (char) (c - 'a' + 'A') : plain ? (char) c : '_');
        });
        return name.toString();
    }

    private static String oneLine(@Nullable Object value) {
        String text = scalar(value);
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new Refusal("not-renderable", "names and values of ini have one line; this one has a line break");
        }
        return text;
    }

    /** Double.toString differs between Java versions; this does not. */
    private static String shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean downSame = down.doubleValue() == number;
            if (downSame || up.doubleValue() == number) {
                return plain(downSame && isNearer(exact, down, up, number) ? down : up);
            }
        }
        return plain(exact.round(new MathContext(17, RoundingMode.HALF_EVEN)));
    }

    private static boolean isNearer(BigDecimal exact, BigDecimal down, BigDecimal up, double number) {
        boolean upDiffers = up.doubleValue() != number;
        return upDiffers
                || exact.subtract(down).abs().compareTo(up.subtract(exact).abs()) <= 0;
    }

    private static String plain(BigDecimal number) {
        String text = number.stripTrailingZeros().toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }

    private static String tomlKey(String dotted) {
        List<String> parts = new ArrayList<>();
        for (String part : dotted.split("\\.", -1)) {
            parts.add(part.matches("[A-Za-z0-9_-]+") ? part : quote(part));
        }
        return String.join(".", parts);
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static String escapeProperty(String text, boolean key) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean special = c == '\\' || (key && ":=#! ".indexOf(c) >= 0) || (!key && i == 0 && c == ' ');
            if (c < 0x20 || c > 0x7e) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(special ? "\\" : "").append(c);
            }
        }
        return out.toString();
    }
}
