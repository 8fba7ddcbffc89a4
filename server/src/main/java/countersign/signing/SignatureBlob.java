package countersign.signing;

import countersign.codec.Refusal;
import countersign.codec.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * The innermost part of an SSHSIG: a raw signature by one key, and what an authenticator adds to it. Formats: RFC 4253
 * section 6.6, RFC 5656, RFC 8332, RFC 8709, PROTOCOL.u2f. The Java platform judges the mathematics, see also {@link Ed25519Judge}.
 */
final class SignatureBlob {
    private static final String RULE = "malformed-signature";
    private static final String WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
    private static final int USER_PRESENT = 0x01;
    private static final int USER_VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;
    private static final int EXTENDED = 0x80;

    private final SshPublicKey key;
    private final String platformAlgorithm;
    private final byte[] signature;
    private final @Nullable Touch touch;

    /**
     * What an authenticator reports about its use.
     *
     * @param browser null if no browser took part
     */
    private record Touch(int flags, int counter, @Nullable Browser browser) {}

    /** What a browser adds: where the page came from, its client data, the authenticator's extensions. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Browser(String origin, byte[] clientData, byte[] extensions) {}

    private SignatureBlob(SshPublicKey key, String platformAlgorithm, byte[] signature, @Nullable Touch touch) {
        this.key = key;
        this.platformAlgorithm = platformAlgorithm;
        this.signature = signature;
        this.touch = touch;
    }

    static SignatureBlob parse(SshPublicKey key, byte[] blob) {
        SshWire.Reader reader = new SshWire.Reader(RULE, "the raw signature", blob);
        String name = reader.text();
        String algorithm = platformAlgorithm(key.keyType(), name);
        byte[] signature = readSignature(key, reader.string());
        Touch touch = key.isAuthenticator() ? readTouch(name, reader) : null;
        reader.end();
        return new SignatureBlob(key, algorithm, signature, touch);
    }

    /** The same by an equal key. */
    SignatureBlob by(SshPublicKey equal) {
        return new SignatureBlob(equal, platformAlgorithm, signature, touch);
    }

    /** Refuses unless the key signed these bytes, with the presence and verification of its user if it can tell. */
    void verify(byte[] signedBytes, WebAuthnOrigins allowed) {
        if (touch == null) {
            verifyRaw(signedBytes);
            return;
        }
        if (touch.browser() != null) {
            Browser browser = touch.browser();
            allowed.check(key.application(), browser.origin(), browser.clientData(), signedBytes);
            checkBrowserFlags(touch.flags(), browser);
        }
        checkUser(touch.flags());
        verifyRaw(authenticatorBytes(touch, signedBytes));
    }

    private static String platformAlgorithm(SshKeyType type, String name) {
        if (type == SshKeyType.RSA) {
            return switch (name) {
                case "rsa-sha2-512" -> "SHA512withRSA";
                case "rsa-sha2-256" -> "SHA256withRSA";
                case "ssh-rsa" ->
                    throw new Refusal(
                            "weak-hash",
                            "the signature uses SHA-1 (ssh-rsa), rsa-sha2-512 or rsa-sha2-256 is needed",
                            "sign again with OpenSSH 8.2 or later");
                default -> throw otherAlgorithm(type, name);
            };
        }
        if (!name.equals(type.sshName()) && !(type == SshKeyType.SK_ECDSA_P256 && name.equals(WEBAUTHN))) {
            throw otherAlgorithm(type, name);
        }
        return type.platformAlgorithm();
    }

    private static Refusal otherAlgorithm(SshKeyType type, String name) {
        return new Refusal(RULE, "the signature is of type " + name + ", its key of type " + type.sshName());
    }

    private static byte[] readSignature(SshPublicKey key, byte[] encoded) {
        PublicKey platformKey = key.platformKey();
        if (platformKey instanceof ECPublicKey elliptic) {
            return readEcdsa(elliptic, encoded);
        }
        int expected =
                platformKey instanceof RSAPublicKey rsa ? (rsa.getModulus().bitLength() + 7) / 8 : 64;
        if (encoded.length != expected) {
            throw new Refusal(
                    RULE, "the raw signature has " + encoded.length + " bytes, " + expected + " are expected");
        }
        return encoded;
    }

    /** Turns two mpints into the fixed-width form that the platform reads. */
    private static byte[] readEcdsa(ECPublicKey elliptic, byte[] encoded) {
        SshWire.Reader reader = new SshWire.Reader(RULE, "the ECDSA signature", encoded);
        BigInteger r = reader.positive();
        BigInteger s = reader.positive();
        reader.end();
        BigInteger order = elliptic.getParams().getOrder();
        if (r.compareTo(order) >= 0 || s.compareTo(order) >= 0) {
            throw reader.refusal("has an integer that is not below the order of the curve");
        }
        int size = (order.bitLength() + 7) / 8;
        byte[] fixed = new byte[2 * size];
        copyRight(r, fixed, size);
        copyRight(s, fixed, 2 * size);
        return fixed;
    }

    private static void copyRight(BigInteger value, byte[] into, int end) {
        byte[] bytes = value.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        int length = bytes.length - from;
        System.arraycopy(bytes, from, into, end - length, length);
    }

    private static Touch readTouch(String name, SshWire.Reader reader) {
        int flags = reader.uint8();
        int counter = reader.uint32();
        Browser browser = name.equals(WEBAUTHN) ? new Browser(reader.text(), reader.string(), reader.string()) : null;
        return new Touch(flags, counter, browser);
    }

    private static void checkBrowserFlags(int flags, Browser browser) {
        if ((flags & ATTESTED) != 0) {
            throw new Refusal(RULE, "the authenticator's flags claim attested credential data in an assertion");
        }
        if (((flags & EXTENDED) != 0) != (browser.extensions().length > 0)) {
            throw new Refusal(RULE, "the authenticator's flags and its extension data disagree");
        }
    }

    private static void checkUser(int flags) {
        if ((flags & USER_PRESENT) == 0) {
            throw new Refusal(
                    "user-presence-missing",
                    "the authenticator signed without a touch; a touch is required",
                    "use a key made without -O no-touch-required");
        }
        if ((flags & USER_VERIFIED) == 0) {
            throw new Refusal(
                    "user-verification-missing",
                    "the authenticator did not verify its user; a PIN or a biometric check is required",
                    "use a key made with: ssh-keygen -t ed25519-sk -O verify-required");
        }
    }

    private byte[] authenticatorBytes(Touch used, byte[] signedBytes) {
        SshWire.Writer writer = new SshWire.Writer()
                .raw(sha256(key.application().getBytes(StandardCharsets.US_ASCII)))
                .uint8(used.flags())
                .uint32(used.counter());
        Browser browser = used.browser();
        if (browser == null) {
            return writer.raw(sha256(signedBytes)).bytes();
        }
        return writer.raw(browser.extensions())
                .raw(sha256(browser.clientData()))
                .bytes();
    }

    private void verifyRaw(byte[] bytes) {
        if (!key.isSigned(platformAlgorithm, bytes, signature)) {
            throw new Refusal(
                    "bad-signature",
                    "the signature by " + key.fingerprint() + " does not fit these bytes",
                    "sign the bytes exactly as they were downloaded");
        }
    }

    /** The judgement of the Java platform. */
    static boolean isSigned(String platformAlgorithm, PublicKey platformKey, byte[] bytes, byte[] signature) {
        try {
            Signature judge = Signature.getInstance(platformAlgorithm);
            judge.initVerify(platformKey);
            judge.update(bytes);
            return judge.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException("the platform refuses a checked key", impossible);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("the platform lacks " + platformAlgorithm, missing);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        return Sha256.newDigest().digest(bytes);
    }
}
