package countersign.codec;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A SHA-256 digest. Its text is 64 lower-case hexadecimal digits, made when it is first asked for. Immutable. */
public final class Sha256 implements Comparable<Sha256> {
    private static final int BYTES = 32;

    private final byte[] bytes;
    private volatile @Nullable String hex;

    /** Reads the digits. */
    public Sha256(String hex) {
        if (hex.length() != 2 * BYTES || !hex.equals(hex.toLowerCase(Locale.ROOT))) {
            throw new Refusal("malformed-digest", "a SHA-256 is 64 lower-case hexadecimal digits, found: " + hex);
        }
        for (int i = 0; i < hex.length(); i++) {
            if (!HexFormat.isHexDigit(hex.charAt(i))) {
                throw new Refusal("malformed-digest", "not a hexadecimal digit in: " + hex);
            }
        }
        this.bytes = HexFormat.of().parseHex(hex);
        this.hex = hex;
    }

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Sha256 of(byte[] bytes) {
        return new Sha256(newDigest().digest(bytes));
    }

    /** Wraps the 32 bytes of a digest computed elsewhere. */
    public static Sha256 ofDigest(byte[] digest) {
        if (digest.length != BYTES) {
            throw new Refusal("malformed-digest", "a SHA-256 has 32 bytes, found: " + digest.length);
        }
        return new Sha256(digest.clone());
    }

    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The digits. */
    public String hex() {
        String known = hex;
        if (known == null) {
            known = HexFormat.of().formatHex(bytes);
            hex = known;
        }
        return known;
    }

    /** Puts its 32 bytes where another digest will be computed. */
    public void addTo(ByteBuffer buffer) {
        buffer.put(bytes);
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
