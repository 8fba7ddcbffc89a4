package countersign.signing;

import countersign.codec.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * A named private key that signs notes. One key serves one algorithm, since a cosignature does not name its signer.
 * Immutable and thread-safe; nothing but {@link #privateText} shows the private part.
 */
public final class NoteSigner {
    private static final String PREFIX = "PRIVATE+KEY+";

    private final NoteKey key;
    private final Ed25519PrivateKeyParameters secret;

    public NoteSigner(String name, NoteKey.Algorithm algorithm, byte[] seed) {
        this.secret = new Ed25519PrivateKeyParameters(seed.clone(), 0);
        this.key = new NoteKey(name, algorithm, secret.generatePublicKey().getEncoded());
    }

    public static NoteSigner generate(String name, NoteKey.Algorithm algorithm, SecureRandom random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return new NoteSigner(name, algorithm, seed);
    }

    /** Reads Go's form: {@code PRIVATE+KEY+name+keyid+base64}. */
    public static NoteSigner parse(String privateText) {
        String[] parts = privateText.strip().split("\\+", 5);
        if (parts.length != 5 || !privateText.startsWith(PREFIX)) {
            throw new Refusal("malformed-note-key", "a private note key is: " + PREFIX + "name+keyid+base64");
        }
        byte[] bytes = NoteKey.typedKey(parts[4]);
        NoteSigner signer =
                new NoteSigner(parts[2], NoteKey.Algorithm.ofCode(bytes[0]), Arrays.copyOfRange(bytes, 1, 33));
        signer.key.requireId(parts[3]);
        return signer;
    }

    public NoteKey key() {
        return key;
    }

    /** The signature line over a note's text, with its final line feed. */
    public String sign(String text) {
        require(NoteKey.Algorithm.ED25519);
        byte[] signature = SshPrivateKey.signEd25519(secret, text.getBytes(StandardCharsets.UTF_8));
        return line(new SshWire.Writer().uint32(key.keyId()).raw(signature));
    }

    /** The signature line that says: at this second this checkpoint was the largest one seen of its log. */
    public String cosign(String checkpoint, Instant seen) {
        require(NoteKey.Algorithm.COSIGNATURE);
        long time = seen.getEpochSecond();
        byte[] signature = SshPrivateKey.signEd25519(secret, SignedNote.cosignedBytes(checkpoint, time));
        return line(new SshWire.Writer()
                .uint32(key.keyId())
                .uint32((int) (time >>> 32))
                .uint32((int) time)
                .raw(signature));
    }

    /** Go's form of the private key, for a file that only its owner reads. */
    public String privateText() {
        return PREFIX + key.name() + "+" + HexFormat.of().toHexDigits(key.keyId()) + "+"
                + NoteKey.encoded(key.algorithm(), secret.getEncoded());
    }

    @Override
    public String toString() {
        return "private key of " + key;
    }

    private void require(NoteKey.Algorithm algorithm) {
        if (key.algorithm() != algorithm) {
            throw new IllegalStateException("the key " + key.name() + " is for " + key.algorithm());
        }
    }

    private String line(SshWire.Writer payload) {
        return SignedNote.LINE_START + key.name() + " " + Base64.getEncoder().encodeToString(payload.bytes()) + "\n";
    }
}
