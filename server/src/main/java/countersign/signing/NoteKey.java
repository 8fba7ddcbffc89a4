package countersign.signing;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A named public key that signs notes (C2SP signed-note), in text form a {@code vkey}: {@code name+keyid+base64}.
 * Immutable; equal by name, algorithm and key.
 */
public final class NoteKey {
    private static final String RULE = "malformed-note-key";
    private static final int MAX_NAME = 255;

    private final String name;
    private final Algorithm algorithm;
    private final byte[] publicKey;
    private final Ed25519Judge judge;

    /** What the key signs. */
    public enum Algorithm {
        /** The text of the note. */
        ED25519(1),
        /** The text of a checkpoint and the time at which it was seen (C2SP tlog-cosignature). */
        COSIGNATURE(4);

        private final int code;

        Algorithm(int code) {
            this.code = code;
        }

        /** The byte that stands for it in keys. */
        public int code() {
            return code;
        }

        static Algorithm ofCode(int code) {
            for (Algorithm algorithm : values()) {
                if (algorithm.code == code) {
                    return algorithm;
                }
            }
            throw new Refusal(RULE, "note keys of type " + code + " are not supported, 1 and 4 are");
        }
    }

    public NoteKey(String name, Algorithm algorithm, byte[] publicKey) {
        this.name = requireName(name);
        this.algorithm = algorithm;
        this.publicKey = publicKey.clone();
        this.judge = new Ed25519Judge(Ed25519Curve.decode(this.publicKey));
    }

    /** Reads a {@code vkey} and checks its key id. */
    public static NoteKey parse(String vkey) {
        String[] parts = vkey.split("\\+", 3);
        if (parts.length != 3) {
            throw new Refusal(RULE, "a note key is: name+keyid+base64");
        }
        byte[] bytes = typedKey(parts[2]);
        NoteKey key = new NoteKey(parts[0], Algorithm.ofCode(bytes[0]), Arrays.copyOfRange(bytes, 1, 33));
        key.requireId(parts[1]);
        return key;
    }

    /** The name, by custom a URL without its scheme. */
    public String name() {
        return name;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /** The 32 bytes of the Ed25519 point. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The four bytes that stand for name, algorithm and key in a signature line. */
    public int keyId() {
        byte[] named = new SshWire.Writer()
                .raw(name.getBytes(StandardCharsets.UTF_8))
                .uint8('\n')
                .uint8(algorithm.code())
                .raw(publicKey)
                .bytes();
        return ByteBuffer.wrap(Sha256.of(named).bytes()).getInt();
    }

    public String vkey() {
        return name + "+" + HexFormat.of().toHexDigits(keyId()) + "+" + encoded(algorithm, publicKey);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey that
                && name.equals(that.name)
                && algorithm == that.algorithm
                && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(publicKey);
    }

    @Override
    public String toString() {
        return vkey();
    }

    boolean isSigned(byte[] bytes, byte[] signature) {
        return signature.length == 64 && judge.isSigned(bytes, signature);
    }

    void requireId(String hex) {
        String expected = HexFormat.of().toHexDigits(keyId());
        if (!expected.equals(hex)) {
            throw new Refusal(RULE, "the key of " + name + " says its id is " + hex + ", it is " + expected);
        }
    }

    /** The algorithm's byte and 32 bytes of a key or a seed. */
    static byte[] typedKey(String base64) {
        byte[] bytes = SshWire.decodeBase64(RULE, "the note key", base64);
        if (bytes.length != 33) {
            throw new Refusal(RULE, "a note key has 33 bytes, found " + bytes.length);
        }
        return bytes;
    }

    static String encoded(Algorithm algorithm, byte[] key) {
        return Base64.getEncoder()
                .encodeToString(
                        new SshWire.Writer().uint8(algorithm.code()).raw(key).bytes());
    }

    private static String requireName(String name) {
        boolean odd = name.isEmpty()
                || name.length() > MAX_NAME
                || name.codePoints()
                        .anyMatch(c -> c == '+'
                                || Character.isWhitespace(c)
                                || Character.isSpaceChar(c)
                                || Character.isISOControl(c)
                                || Character.getType(c) == Character.SURROGATE);
        if (odd) {
            throw new Refusal(
                    RULE, "a note key's name has 1 to " + MAX_NAME + " characters, none of them a space or a plus");
        }
        return name;
    }
}
