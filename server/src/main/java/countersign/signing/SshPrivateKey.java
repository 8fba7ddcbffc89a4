package countersign.signing;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * A private key held in memory, and its file form: an unencrypted OpenSSH private key (PROTOCOL.key). Reads Ed25519,
 * ECDSA and RSA keys. Immutable and thread-safe; nothing but {@link #writeOpenSsh} shows the private part.
 */
public final class SshPrivateKey implements SigningKey {
    private static final String RULE = "malformed-private-key";
    private static final String LABEL = "OPENSSH PRIVATE KEY";
    private static final String MAGIC = "openssh-key-v1\0";
    private static final int MAX_FILE = 32 * 1024;
    private static final int BLOCK = 8;

    private final SshPublicKey publicKey;
    private final byte[] privateFields;
    private final RawSigner signer;

    /** Makes the raw signature, type and all, over the bytes it is given. */
    private interface RawSigner {
        byte[] sign(byte[] bytes) throws GeneralSecurityException;
    }

    private SshPrivateKey(SshPublicKey publicKey, byte[] privateFields, RawSigner signer) {
        this.publicKey = publicKey;
        this.privateFields = privateFields;
        this.signer = signer;
    }

    /** A new Ed25519 key. */
    public static SshPrivateKey generate(SecureRandom random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return ofEd25519Seed(seed);
    }

    /** The Ed25519 key of a 32-byte seed. */
    public static SshPrivateKey ofEd25519Seed(byte[] seed) {
        Ed25519PrivateKeyParameters secret = new Ed25519PrivateKeyParameters(seed, 0);
        byte[] point = secret.generatePublicKey().getEncoded();
        String type = SshKeyType.ED25519.sshName();
        SshPublicKey publicKey = SshPublicKey.ofBlob(
                new SshWire.Writer().string(type).string(point).bytes());
        byte[] seedAndPoint = new SshWire.Writer().raw(seed).raw(point).bytes();
        byte[] fields = new SshWire.Writer().string(point).string(seedAndPoint).bytes();
        return new SshPrivateKey(
                publicKey,
                fields,
                bytes -> new SshWire.Writer()
                        .string(type)
                        .string(signEd25519(secret, bytes))
                        .bytes());
    }

    /** Reads the bytes of an OpenSSH private key file without a passphrase. */
    public static SshPrivateKey readOpenSsh(byte[] file) {
        if (file.length > MAX_FILE) {
            throw new Refusal(RULE, "the key file has " + file.length + " bytes, at most " + MAX_FILE + " allowed");
        }
        SshWire.Reader reader = new SshWire.Reader(RULE, "the private key", unarmored(file));
        reader.expectMagic(MAGIC);
        requireNoPassphrase(reader.text());
        reader.expectText("none");
        reader.string();
        if (reader.uint32() != 1) {
            throw reader.refusal("is not alone in its file");
        }
        SshPublicKey publicKey = SshPublicKey.ofBlob(reader.string());
        byte[] secret = reader.string();
        reader.end();
        return readSecret(publicKey, new SshWire.Reader(RULE, "the private key", secret))
                .requirePair(publicKey);
    }

    @Override
    public SshPublicKey publicKey() {
        return publicKey;
    }

    @Override
    public String sign(String namespace, byte[] message) {
        try {
            byte[] raw = signer.sign(SshSignature.signedBytes(namespace, message));
            return SshSignature.armored(publicKey, namespace, raw);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the platform refuses a checked key", impossible);
        }
    }

    /** The text of an unencrypted private key file that OpenSSH reads. */
    public String writeOpenSsh(String comment) {
        byte[] check = Arrays.copyOf(Sha256.of(publicKey.blob()).bytes(), 4);
        SshWire.Writer secret = new SshWire.Writer()
                .raw(check)
                .raw(check)
                .string(publicKey.type())
                .raw(privateFields)
                .string(comment);
        int padding = Math.floorMod(-secret.bytes().length, BLOCK);
        for (int i = 1; i <= padding; i++) {
            secret.uint8(i);
        }
        byte[] bytes = new SshWire.Writer()
                .magic(MAGIC)
                .string("none")
                .string("none")
                .string("")
                .uint32(1)
                .string(publicKey.blob())
                .string(secret.bytes())
                .bytes();
        return SshWire.writeArmor(LABEL, bytes);
    }

    @Override
    public String toString() {
        return "private key of " + publicKey;
    }

    static byte[] signEd25519(Ed25519PrivateKeyParameters secret, byte[] bytes) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, secret);
        signer.update(bytes, 0, bytes.length);
        return signer.generateSignature();
    }

    /** Refuses a private part that does not belong to the public one. */
    private SshPrivateKey requirePair(SshPublicKey expected) {
        try {
            byte[] probe = publicKey.blob();
            SignatureBlob.parse(expected, signer.sign(probe)).verify(probe, WebAuthnOrigins.none());
        } catch (GeneralSecurityException | Refusal unusable) {
            throw new Refusal(RULE, "the private part of the key does not belong to its public part");
        }
        return this;
    }

    private static byte[] unarmored(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        if (text.startsWith("-----BEGIN ") && !text.startsWith("-----BEGIN " + LABEL)) {
            throw new Refusal(
                    RULE,
                    "the key file is in an older form than " + LABEL,
                    "convert a copy of it with: ssh-keygen -p -N '' -f <copy>");
        }
        return SshWire.readArmor(RULE, LABEL, text);
    }

    private static void requireNoPassphrase(String cipher) {
        if (!cipher.equals("none")) {
            throw new Refusal(
                    "passphrase-protected-key",
                    "the private key is protected by a passphrase (" + cipher + ")",
                    "sign with ssh-keygen -Y sign, which asks for it, or remove it from a copy: ssh-keygen -p -f <copy>");
        }
    }

    private static SshPrivateKey readSecret(SshPublicKey publicKey, SshWire.Reader reader) {
        int check = reader.uint32();
        if (check != reader.uint32()) {
            throw reader.refusal("is damaged: its check numbers differ");
        }
        reader.expectText(publicKey.type());
        SshPrivateKey key = switch (publicKey.keyType()) {
            case ED25519 -> readEd25519(reader);
            case ECDSA_P256, ECDSA_P384, ECDSA_P521 -> readEcdsa(publicKey, reader);
            case RSA -> readRsa(publicKey, reader);
            case SK_ED25519, SK_ECDSA_P256 ->
                throw new Refusal(
                        "unsupported-key",
                        "the private part of " + publicKey + " sits in an authenticator",
                        "sign with ssh-keygen -Y sign");
        };
        reader.string();
        byte[] padding = reader.remaining();
        for (int i = 0; i < padding.length; i++) {
            if (padding[i] != i + 1) {
                throw reader.refusal("has wrong padding");
            }
        }
        return key;
    }

    private static SshPrivateKey readEd25519(SshWire.Reader reader) {
        reader.string();
        byte[] seedAndPoint = reader.string();
        if (seedAndPoint.length != 64) {
            throw reader.refusal("is not an Ed25519 key of 64 bytes");
        }
        return ofEd25519Seed(Arrays.copyOf(seedAndPoint, 32));
    }

    private static SshPrivateKey readEcdsa(SshPublicKey publicKey, SshWire.Reader reader) {
        SshKeyType type = publicKey.keyType();
        reader.expectText(type.curve());
        byte[] point = reader.string();
        BigInteger secret = reader.positive();
        byte[] fields = new SshWire.Writer()
                .string(type.curve())
                .string(point)
                .mpint(secret)
                .bytes();
        try {
            PrivateKey key =
                    KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(secret, type.curveParameters()));
            return new SshPrivateKey(publicKey, fields, bytes -> signEcdsa(type, key, bytes));
        } catch (GeneralSecurityException malformed) {
            throw reader.refusal("is not a key of " + type.curve());
        }
    }

    private static byte[] signEcdsa(SshKeyType type, PrivateKey key, byte[] bytes) throws GeneralSecurityException {
        byte[] fixed = signPlatform(type.platformAlgorithm(), key, bytes);
        int size = fixed.length / 2;
        byte[] pair = new SshWire.Writer()
                .mpint(new BigInteger(1, Arrays.copyOf(fixed, size)))
                .mpint(new BigInteger(1, Arrays.copyOfRange(fixed, size, 2 * size)))
                .bytes();
        return new SshWire.Writer().string(type.sshName()).string(pair).bytes();
    }

    private static SshPrivateKey readRsa(SshPublicKey publicKey, SshWire.Reader reader) {
        BigInteger n = reader.positive();
        BigInteger e = reader.positive();
        BigInteger d = reader.positive();
        BigInteger inverse = reader.positive();
        BigInteger p = reader.positive();
        BigInteger q = reader.positive();
        byte[] fields = new SshWire.Writer()
                .mpint(n)
                .mpint(e)
                .mpint(d)
                .mpint(inverse)
                .mpint(p)
                .mpint(q)
                .bytes();
        RSAPrivateCrtKeySpec parts = new RSAPrivateCrtKeySpec(
                n,
                e,
                d,
                p,
                q,
                d.mod(p.subtract(BigInteger.ONE).max(BigInteger.ONE)),
                d.mod(q.subtract(BigInteger.ONE).max(BigInteger.ONE)),
                inverse);
        try {
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(parts);
            return new SshPrivateKey(
                    publicKey,
                    fields,
                    bytes -> new SshWire.Writer()
                            .string("rsa-sha2-512")
                            .string(signPlatform("SHA512withRSA", key, bytes))
                            .bytes());
        } catch (GeneralSecurityException malformed) {
            throw reader.refusal("is not an RSA key");
        }
    }

    private static byte[] signPlatform(String algorithm, PrivateKey key, byte[] bytes) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(bytes);
        return signer.sign();
    }
}
