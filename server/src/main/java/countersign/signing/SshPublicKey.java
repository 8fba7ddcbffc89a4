package countersign.signing;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A public key in SSH form (RFC 4253 section 6.6, PROTOCOL.u2f). Only keys that are safe to trust can be made: an
 * Ed25519 point is canonical and not of small order, an ECDSA point is on its curve, an RSA modulus has 3,072 to 8,192
 * bits. Two keys are equal if their encoded bytes are. Immutable.
 */
public final class SshPublicKey {
    private static final int MAX_LINE = 8 * 1024;

    private final byte[] blob;
    private final SshKeyType type;
    private final PublicKey key;
    private final String application;
    private final @Nullable Ed25519Judge judge;

    private SshPublicKey(byte[] blob, SshKeyType type, PublicKey key, String application) {
        this.blob = blob;
        this.type = type;
        this.key = key;
        this.application = application;
        this.judge = key instanceof EdECPublicKey point ? new Ed25519Judge(point) : null;
    }

    /** Reads {@code type base64 [comment]}, as in a {@code .pub} file. Refuses options in front of the type. */
    public static SshPublicKey parse(String line) {
        String stripped = line.strip();
        if (stripped.length() > MAX_LINE || stripped.lines().count() != 1) {
            throw new Refusal("malformed-key", "a public key is one line of at most " + MAX_LINE + " characters");
        }
        String[] words = stripped.split("[ \t]+", 3);
        SshKeyType type = SshKeyType.ofName(words[0]);
        if (words.length < 2) {
            throw new Refusal("malformed-key", "a public key is: type base64 [comment]");
        }
        SshPublicKey key = ofBlob(SshWire.decodeBase64("malformed-key", "the public key", words[1]));
        if (key.type != type) {
            throw new Refusal("malformed-key", "the line says " + words[0] + ", the key is " + key.type());
        }
        return key;
    }

    /** Reads the encoded bytes, those that base64 stands for in a {@code .pub} file. */
    public static SshPublicKey ofBlob(byte[] blob) {
        SshWire.Reader reader = new SshWire.Reader("malformed-key", "the public key", blob);
        SshKeyType type = SshKeyType.ofName(reader.text());
        PublicKey key = type.readKey(reader);
        String application = type.isAuthenticator() ? reader.text() : "";
        reader.end();
        return new SshPublicKey(blob.clone(), type, key, application);
    }

    /** The name of its type, for example {@code ssh-ed25519}. */
    public String type() {
        return type.sshName();
    }

    /** The encoded bytes. */
    public byte[] blob() {
        return blob.clone();
    }

    /** {@code SHA256:} and the unpadded base64 of the digest, as {@code ssh-keygen -l} prints it. */
    public String fingerprint() {
        return "SHA256:"
                + Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(Sha256.of(blob).bytes());
    }

    /** {@code type base64}, without a comment. */
    public String line() {
        return type() + " " + Base64.getEncoder().encodeToString(blob);
    }

    /** Whether the private part sits in an authenticator: a FIDO security key or a passkey. */
    public boolean isAuthenticator() {
        return type.isAuthenticator();
    }

    SshKeyType keyType() {
        return type;
    }

    PublicKey platformKey() {
        return key;
    }

    /** Whether this key made a raw signature over the bytes. */
    boolean isSigned(String platformAlgorithm, byte[] bytes, byte[] signature) {
        return judge == null
                ? SignatureBlob.isSigned(platformAlgorithm, key, bytes, signature)
                : judge.isSigned(bytes, signature);
    }

    /** The relying party an authenticator key is for, empty for other keys. */
    public String application() {
        return application;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SshPublicKey that && Arrays.equals(blob, that.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return fingerprint() + " (" + type() + ")";
    }
}
