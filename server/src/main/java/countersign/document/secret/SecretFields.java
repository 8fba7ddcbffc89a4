package countersign.document.secret;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds {@code key = value} and {@code key: value} with a telling key in text of any configuration format. Looks only
 * around telling words, a bounded way in both directions.
 */
final class SecretFields {
    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 4096;
    private static final int MAX_REFERENCE = 48;

    private final String text;
    private final List<SecretShapes.Found> found = new ArrayList<>();
    private int done;

    private SecretFields(String text) {
        this.text = text;
    }

    static List<SecretShapes.Found> find(String text) {
        return new SecretFields(text).find();
    }

    private List<SecretShapes.Found> find() {
        String lower = lowerAscii(text);
        for (String word : SecretKeys.TELLING) {
            done = 0;
            for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, done)) {
                done = at + word.length();
                field(at);
            }
        }
        return found.stream().distinct().toList();
    }

    private void field(int at) {
        int keyStart = at;
        while (keyStart > 0 && at - keyStart < MAX_KEY && isKeyPart(text.charAt(keyStart - 1))) {
            keyStart--;
        }
        int keyEnd = at;
        while (keyEnd < text.length() && keyEnd - at < MAX_KEY && isKeyPart(text.charAt(keyEnd))) {
            keyEnd++;
        }
        done = Math.max(done, keyEnd);
        int separator = skipBlanks(skipQuote(keyEnd));
        boolean separated = separator < text.length() && ":=".indexOf(text.charAt(separator)) >= 0;
        String key = text.substring(keyStart, keyEnd);
        if (separated && SecretKeys.isSecret(key)) {
            value(key, skipBlanks(skipArrow(separator + 1)));
        }
    }

    private void value(String key, int start) {
        if (start >= text.length()) {
            return;
        }
        char first = text.charAt(start);
        int quote = skipQuote(start);
        if (SecretKeys.isReference(text.substring(quote, Math.min(text.length(), quote + MAX_REFERENCE)))) {
            return;
        }
        if (isBlock(start)) {
            found(key, lineEnd(start), blockEnd(start));
        } else if (first == '"' || first == '\'') {
            found(key, start + 1, quotedEnd(start + 1, first));
        } else if ("{[&*#".indexOf(first) < 0) {
            found(key, start, lineEnd(start));
        }
    }

    /** Notes a literal value and goes on behind it, so that no text is looked at twice. */
    private void found(String key, int start, int end) {
        String value = text.substring(start, end).strip();
        while (!value.isEmpty() && ",;}])".indexOf(value.charAt(value.length() - 1)) >= 0) {
            value = value.substring(0, value.length() - 1);
        }
        if (!value.isEmpty() && SecretKeys.isLiteral(key, value)) {
            found.add(new SecretShapes.Found("plain-secret", "value of a telling name", start, end));
            done = Math.max(done, end);
        }
    }

    private int quotedEnd(int start, char quote) {
        int at = start;
        while (at < limit(start) && text.charAt(at) != '\n') {
            boolean escaped = text.charAt(at) == '\\' || (text.charAt(at) == quote && charAt(at + 1) == quote);
            if (text.charAt(at) == quote && !escaped) {
                return at;
            }
            at += escaped ? 2 : 1;
        }
        return Math.min(at, limit(start));
    }

    private int lineEnd(int start) {
        int end = start;
        while (end < limit(start) && text.charAt(end) != '\n') {
            end++;
        }
        return end;
    }

    private int lineStart(int at) {
        int start = at;
        while (start > 0 && at - start < MAX_VALUE && text.charAt(start - 1) != '\n') {
            start--;
        }
        return start;
    }

    private boolean isBlock(int start) {
        int at = start + 1;
        while (at - start < 6 && " +-123456789\r".indexOf(charAt(at)) >= 0) {
            at++;
        }
        return "|>".indexOf(charAt(start)) >= 0 && charAt(at) == '\n';
    }

    /** The end of the lines that are indented deeper than the one with the key, as in a block scalar of YAML. */
    private int blockEnd(int start) {
        int indent = indent(lineStart(start));
        int end = lineEnd(start);
        while (end < limit(start) && charAt(end) == '\n') {
            boolean inside = indent(end + 1) > indent || charAt(end + 1) == '\n';
            if (!inside) {
                return end;
            }
            end = lineEnd(end + 1);
        }
        return end;
    }

    private int indent(int lineStart) {
        return skipBlanks(lineStart) - lineStart;
    }

    private int limit(int start) {
        return Math.min(text.length(), start + MAX_VALUE);
    }

    private char charAt(int at) {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private int skipQuote(int at) {
        return "\"'".indexOf(charAt(at)) >= 0 ? at + 1 : at;
    }

    private int skipArrow(int at) {
        return charAt(at) == '>' || charAt(at) == '=' ? at + 1 : at;
    }

    private int skipBlanks(int at) {
        int next = at;
        while (next - at < MAX_KEY && (charAt(next) == ' ' || charAt(next) == '\t')) {
            next++;
        }
        return next;
    }

    private static boolean isKeyPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    /** Lower case that keeps every index: Unicode's own may change the length. */
    private static String lowerAscii(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'A' && chars[i] <= 'Z') {
                chars[i] = (char) (chars[i] + 'a' - 'A');
            }
        }
        return new String(chars);
    }
}
