package countersign.codec.yaml;

import countersign.codec.Finding;
import countersign.codec.Place;
import countersign.codec.Refusal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** What is checked of a document's bytes before a parser sees them: size, UTF-8, line lengths, characters. */
final class YamlText {
    private static final int MAX_LINE = 64 * 1024;

    private final String path;
    private final String text;
    private int line = 1;
    private int lineStart;

    private YamlText(String path, String text) {
        this.path = path;
        this.text = text;
    }

    static String decode(String path, byte[] bytes) {
        if (bytes.length > Yaml.MAX_BYTES) {
            throw new Refusal(Finding.error(
                    "too-large",
                    "the document has " + bytes.length + " bytes, at most " + Yaml.MAX_BYTES + " are allowed",
                    Place.file(path)));
        }
        String text = isPlainAscii(bytes) ? new String(bytes, StandardCharsets.ISO_8859_1) : decodeUtf8(path, bytes);
        new YamlText(path, text).check();
        return text;
    }

    /** True of what must not stand in a document, neither as it is nor as an escape. */
    static boolean isForbidden(int c) {
        return isControl(c) || isBidi(c) || isBetween(Character.MIN_SURROGATE, c, Character.MAX_SURROGATE);
    }

    private static boolean isPlainAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static String decodeUtf8(String path, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        out.flip();
        String text = out.toString();
        if (result.isError()) {
            YamlText before = new YamlText(path, text);
            before.check();
            throw before.refusal(
                    "invalid-utf8", "the bytes here are not UTF-8", text.length(), "save the file as UTF-8");
        }
        return text;
    }

    private void check() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                lineStart = i + 1;
            } else if (c < 0x20 || c > 0x7E) {
                checkUnusual(c, i);
            }
            if (i - lineStart >= MAX_LINE) {
                throw refusal(
                        "line-too-long",
                        "this line has more than " + MAX_LINE + " characters",
                        lineStart,
                        "break the line, or keep the content as a payload file");
            }
        }
    }

    private void checkUnusual(char c, int index) {
        if (c == '\t') {
            return;
        }
        if (c == '\r') {
            checkCarriageReturn(index);
        } else if (c == '\uFEFF') {
            throw refusal(
                    "byte-order-mark",
                    "a byte order mark (U+FEFF) is not allowed",
                    index,
                    "save the file as UTF-8 without BOM");
        } else if (isBidi(c)) {
            throw refusal(
                    "bidi-control",
                    "the character " + name(c) + " changes the direction of text, so that people read something else",
                    index,
                    "remove it");
        } else if (isControl(c)) {
            throw refusal("control-character", "the character " + name(c) + " is not allowed", index, "remove it");
        }
    }

    private void checkCarriageReturn(int index) {
        if (index + 1 == text.length() || text.charAt(index + 1) != '\n') {
            throw refusal(
                    "carriage-return",
                    "a carriage return without a line feed is not a line end",
                    index,
                    "end lines with LF");
        }
    }

    private Refusal refusal(String rule, String message, int index, String wayOut) {
        int column = text.codePointCount(lineStart, index) + 1;
        return new Refusal(Finding.error(rule, message, new Place(path, line, column, null))
                .withWayOut(wayOut));
    }

    /** Names a character by its code point, for example {@code U+202E}. */
    static String name(int c) {
        return String.format("U+%04X", c);
    }

    private static boolean isControl(int c) {
        if (c < 0xA0) {
            boolean blank = c == '\t' || c == '\n' || c == '\r';
            return !blank && (c < 0x20 || c > 0x7E);
        }
        return c == 0x2028 || c == 0x2029 || (c & 0xFFFE) == 0xFFFE;
    }

    private static boolean isBidi(int c) {
        return isBetween(0x202A, c, 0x202E)
                || isBetween(0x2066, c, 0x2069)
                || c == 0x200E
                || c == 0x200F
                || c == 0x061C;
    }

    private static boolean isBetween(int low, int c, int high) {
        return low <= c && c <= high;
    }
}
