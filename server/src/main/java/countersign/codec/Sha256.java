package countersign.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A SHA-256 digest, held as 64 lower-case hexadecimal digits.
 *
 * @param hex the digits
 */
public record Sha256(String hex) implements Comparable<Sha256> {
    public Sha256 {
        if (hex.length() != 64 || !hex.equals(hex.toLowerCase(Locale.ROOT))) {
            throw new Refusal("malformed-digest", "a SHA-256 is 64 lower-case hexadecimal digits, found: " + hex);
        }
        for (int i = 0; i < hex.length(); i++) {
            if (!HexFormat.isHexDigit(hex.charAt(i))) {
                throw new Refusal("malformed-digest", "not a hexadecimal digit in: " + hex);
            }
        }
    }

    public static Sha256 of(byte[] bytes) {
        return ofDigest(newDigest().digest(bytes));
    }

    /** Wraps the 32 bytes of a digest computed elsewhere. */
    public static Sha256 ofDigest(byte[] digest) {
        return new Sha256(HexFormat.of().formatHex(digest));
    }

    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(Sha256 other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
