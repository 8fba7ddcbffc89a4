package countersign.repository.object;

import countersign.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Git objects by id, as bytes. Thread-safe; what was put can be found at once by every thread. */
public interface ObjectStore {
    /** The types of objects that are stored, by Git's own word. */
    enum Type {
        BLOB("blob"),
        TREE("tree"),
        COMMIT("commit");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * The bytes of an object; empty if there is none of that type.
     *
     * @param maxBytes more than this is a Refusal {@code too-large}
     */
    Optional<byte[]> find(Type type, String id, int maxBytes);

    /** Whether there is an object of this type. */
    boolean holds(Type type, String id);

    /** Stores an object, if it is not there yet, and gives its id: SHA-1 over {@code type length NUL bytes}. */
    String put(Type type, byte[] bytes);

    /** SHA-256 of a blob's bytes, whatever its size; a Refusal {@code no-such-file} if there is no such blob. */
    Sha256 digest(String blobId);

    /** The id of an object: SHA-1 over {@code type length NUL bytes}. */
    static String idOf(Type type, byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update((type.word() + " " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-1", missing);
        }
    }
}
