package countersign.document.secret;

import countersign.codec.Finding;
import countersign.codec.JsonPointer;
import countersign.codec.Place;
import countersign.codec.Refusal;
import countersign.codec.yaml.Yaml;
import countersign.codec.yaml.YamlTree;
import countersign.document.Document;
import countersign.document.PathRules;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what must never enter history, in time linear in the bytes: private keys and tokens of a known shape in any file,
 * and plain values under telling names in documents and in configuration files. Says where, never what.
 */
public final class Secrets {
    private static final int MAX_FINDINGS = 100;
    private static final Pattern CONFIGURATION =
            Pattern.compile("(ya?ml|json5?|properties|env|ini|toml|conf|cfg|cnf|config|tfvars|npmrc|pypirc|netrc)");
    private static final String WAY_OUT =
            "keep it in a store for secrets and refer to it (secretRef:, vault:, ${…}); if it is real, revoke it";

    private final String path;
    private final String text;
    private final List<Finding> findings = new ArrayList<>();

    private Secrets(String path, String text) {
        this.path = path;
        this.text = text;
    }

    /** Findings {@code private-key}, {@code secret-token}, {@code credential-in-url} and {@code plain-secret}. */
    public static List<Finding> scan(String path, byte[] bytes) {
        return scan(path, bytes, null);
    }

    /**
     * The same.
     *
     * @param known the document in these bytes, if it was read already
     */
    public static List<Finding> scan(String path, byte[] bytes, @Nullable Document known) {
        return new Secrets(path, decode(bytes)).scan(known);
    }

    /** Whether the text of a file is made of names and values, so that its values can be told by their names. */
    static boolean isConfiguration(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        boolean environment = file.equals(".env") || file.startsWith(".env.");
        return environment
                || CONFIGURATION
                        .matcher(file.substring(file.lastIndexOf('.') + 1))
                        .matches();
    }

    private static String decode(byte[] bytes) {
        boolean wide = bytes.length >= 2 && (bytes[0] & 0xFF) + (bytes[1] & 0xFF) == 0xFE + 0xFF;
        Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        return new String(bytes, charset);
    }

    private List<Finding> scan(@Nullable Document known) {
        report(SecretShapes.find(text));
        if (PathRules.isDocument(path)) {
            scanDocument(known);
        } else if (isConfiguration(path)) {
            report(SecretFields.find(text));
        }
        return findings.stream().limit(MAX_FINDINGS).toList();
    }

    private void scanDocument(@Nullable Document known) {
        if (path.endsWith(".test.yaml")) {
            return;
        }
        try {
            YamlTree tree = known == null ? Yaml.parse(path, text.getBytes(StandardCharsets.UTF_8)) : known.tree();
            scanMap(tree, "", tree.root());
        } catch (Refusal malformed) {
            report(SecretFields.find(text));
        }
    }

    private void scan(YamlTree tree, String pointer, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            scanMap(tree, pointer, map);
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                scan(tree, pointer + "/" + i, list.get(i));
            }
        }
    }

    private void scanMap(YamlTree tree, String pointer, Map<?, ?> map) {
        map.forEach((key, value) -> {
            String name = (String) key;
            String child = JsonPointer.child(pointer, name);
            if (isSecret(name, value) || (name.equals("value") && isSecret(String.valueOf(map.get("name")), value))) {
                report("plain-secret", "value of a telling name", tree.placeOf(child));
            } else if (name.equals("content") && value instanceof String content) {
                scanContent(tree, child, String.valueOf(map.get("path")), content);
            } else {
                scan(tree, child, value);
            }
        });
    }

    /** Content that is written into a document is judged as the file it becomes. */
    private void scanContent(YamlTree tree, String pointer, String file, String content) {
        if (isConfiguration(file)) {
            for (SecretShapes.Found found :
                    SecretFields.find(content).stream().limit(MAX_FINDINGS).toList()) {
                long line = 1
                        + content.substring(0, found.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                report(found.rule(), found.what() + " in line " + line + " of the content", tree.placeOf(pointer));
            }
        }
    }

    static boolean isSecret(String name, @Nullable Object value) {
        if (value == null || value instanceof Map || value instanceof List || value instanceof Boolean) {
            return false;
        }
        String text = value.toString();
        return !text.isBlank() && SecretKeys.isSecret(name) && SecretKeys.isLiteral(name, text);
    }

    private void report(List<SecretShapes.Found> list) {
        int line = 1;
        int lineStart = 0;
        int seen = 0;
        for (SecretShapes.Found found : list.stream()
                .sorted(Comparator.comparingInt(SecretShapes.Found::start))
                .limit(MAX_FINDINGS)
                .toList()) {
            for (; seen < found.start(); seen++) {
                if (text.charAt(seen) == '\n') {
                    line++;
                    lineStart = seen + 1;
                }
            }
            int column = text.codePointCount(lineStart, found.start()) + 1;
            report(found.rule(), found.what(), new Place(path, line, column, null));
        }
    }

    private void report(String rule, String what, Place place) {
        String message = "here stands a secret: " + what + "; it would stay in history for ever";
        findings.add(Finding.error(rule, message, place).withWayOut(WAY_OUT));
    }
}
