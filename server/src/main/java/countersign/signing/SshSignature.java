package countersign.signing;

import countersign.codec.Refusal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A detached SSHSIG signature (OpenSSH's PROTOCOL.sshsig, version 1). Parsed strictly; whether it holds is what
 * {@link #verify} says. It does not say whose the key is. Immutable.
 */
public final class SshSignature {
    private static final String RULE = "malformed-signature";
    private static final String LABEL = "SSH SIGNATURE";
    private static final String MAGIC = "SSHSIG";
    private static final int VERSION = 1;
    private static final int MAX_ARMORED = 16 * 1024;
    private static final int MAX_NAMESPACE = 255;

    private final byte[] bytes;
    private final SshPublicKey publicKey;
    private final String namespace;
    private final String hash;
    private final SignatureBlob blob;

    private SshSignature(byte[] bytes, SshPublicKey publicKey, String namespace, String hash, SignatureBlob blob) {
        this.bytes = bytes;
        this.publicKey = publicKey;
        this.namespace = namespace;
        this.hash = hash;
        this.blob = blob;
    }

    /**
     * Reads the armored form. Refuses what is longer than 16 KiB, has anything before or after the armor, or a key that
     * {@link SshPublicKey} refuses.
     */
    public static SshSignature parse(String armored) {
        if (armored.length() > MAX_ARMORED) {
            throw new Refusal(
                    RULE, "the signature has " + armored.length() + " characters, at most " + MAX_ARMORED + " allowed");
        }
        byte[] bytes = SshWire.readArmor(RULE, LABEL, armored);
        SshWire.Reader reader = new SshWire.Reader(RULE, "the signature", bytes);
        reader.expectMagic(MAGIC);
        int version = reader.uint32();
        if (version != VERSION) {
            throw reader.refusal("has version " + Integer.toUnsignedString(version) + ", " + VERSION + " is expected");
        }
        SshPublicKey publicKey = SshPublicKey.ofBlob(reader.string());
        String namespace = reader.text();
        if (reader.string().length > 0) {
            throw reader.refusal("has something in its reserved field");
        }
        String hash = readHash(reader);
        SignatureBlob blob = SignatureBlob.parse(publicKey, reader.string());
        reader.end();
        return new SshSignature(bytes, publicKey, namespace, hash, blob);
    }

    public SshPublicKey publicKey() {
        return publicKey;
    }

    /** The same signature by an equal key, which may know more about itself by now. */
    public SshSignature by(SshPublicKey known) {
        if (!known.equals(publicKey)) {
            throw new IllegalArgumentException("the signature is by " + publicKey + ", not by " + known);
        }
        return new SshSignature(bytes, known, namespace, hash, blob.by(known));
    }

    /** What the signature says it is for. */
    public String namespace() {
        return namespace;
    }

    /** The encoded bytes inside the armor. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The same as the other {@code verify}, with no web page allowed. */
    public void verify(String expectedNamespace, byte[] message) {
        verify(expectedNamespace, message, WebAuthnOrigins.none());
    }

    /**
     * Refuses unless the key signed this message for this namespace. An authenticator must have seen its user's touch
     * and verified the user; a passkey must have been used on an allowed page.
     */
    public void verify(String expectedNamespace, byte[] message, WebAuthnOrigins allowed) {
        if (!namespace.equals(expectedNamespace)) {
            throw new Refusal(
                    "wrong-namespace",
                    "the signature is for the namespace " + namespace + ", one for " + expectedNamespace + " is needed",
                    "sign with: ssh-keygen -Y sign -n " + expectedNamespace);
        }
        blob.verify(signedBytes(expectedNamespace, hash, message), allowed);
    }

    /** What a key signs, with SHA-512: also the challenge to hand to a passkey. */
    public static byte[] signedBytes(String namespace, byte[] message) {
        return signedBytes(namespace, "sha512", message);
    }

    /** The armored signature around a raw one. */
    static String armored(SshPublicKey publicKey, String namespace, byte[] rawSignature) {
        byte[] bytes = new SshWire.Writer()
                .magic(MAGIC)
                .uint32(VERSION)
                .string(publicKey.blob())
                .string(namespace)
                .string("")
                .string("sha512")
                .string(rawSignature)
                .bytes();
        return SshWire.writeArmor(LABEL, bytes);
    }

    private static byte[] signedBytes(String namespace, String hash, byte[] message) {
        if (namespace.isEmpty() || namespace.length() > MAX_NAMESPACE) {
            throw new IllegalArgumentException("a namespace has 1 to " + MAX_NAMESPACE + " characters");
        }
        return new SshWire.Writer()
                .magic(MAGIC)
                .string(namespace)
                .string("")
                .string(hash)
                .string(digest(hash, message))
                .bytes();
    }

    private static String readHash(SshWire.Reader reader) {
        String hash = reader.text();
        if (!hash.equals("sha512") && !hash.equals("sha256")) {
            throw new Refusal("weak-hash", "the signature uses the hash " + hash + ", sha512 or sha256 is needed");
        }
        return hash;
    }

    private static byte[] digest(String hash, byte[] message) {
        try {
            return MessageDigest.getInstance(hash.equals("sha512") ? "SHA-512" : "SHA-256")
                    .digest(message);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-2", missing);
        }
    }
}
