package countersign.history;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import countersign.document.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Something that a merge can be found by.
 *
 * @param about what the subject is
 * @param subject a path, a name, {@code Kind/name} of a document, or a word in lower case
 */
public record Fact(About about, String subject) {
    private static final int MAX_BYTES = 512;
    private static final int KEPT_BYTES = 400;

    /** What facts are about. */
    public enum About {
        PATH('f'),
        DOCUMENT('d'),
        SYSTEM('s'),
        TARGET('t'),
        PERSON('p'),
        KEY('k'),
        CLASSIFICATION('c'),
        ENVIRONMENT('e'),
        WORD('w');

        private final char letter;

        About(char letter) {
            this.letter = letter;
        }
    }

    /** The fact of a document, written {@code Kind/name}; a Refusal {@code malformed-document-name} if it is none. */
    public static Fact document(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || Kind.find(text.substring(0, slash)).isEmpty()) {
            throw new Refusal(
                    "malformed-document-name",
                    "a document is named by kind and name, found: " + text,
                    "write, for example, SystemConfig/checkout-production");
        }
        return new Fact(About.DOCUMENT, text);
    }

    public static Fact word(String word) {
        return new Fact(About.WORD, word);
    }

    /**
     * The fact as a key that sorts by kind and then by the UTF-8 bytes of the subject. A subject of more than 512 bytes is
     * cut and ends in its SHA-256.
     */
    public byte[] key() {
        byte[] bytes = (about.letter + subject).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_BYTES) {
            return bytes;
        }
        byte[] digest = Sha256.of(bytes).hex().getBytes(StandardCharsets.US_ASCII);
        byte[] key = Arrays.copyOf(bytes, KEPT_BYTES + digest.length);
        System.arraycopy(digest, 0, key, KEPT_BYTES, digest.length);
        return key;
    }
}
