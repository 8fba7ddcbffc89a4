package countersign.signing;

import countersign.codec.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * A security key made of software, which does whatever it is told.
 *
 * @param pair its key, Ed25519 or P-256
 * @param application what the key is for: {@code ssh:} or a relying party
 * @param flags what it says about its user
 * @param counter how often it was used
 * @param extensions what it appends when a browser asks
 */
record SoftAuthenticator(KeyPair pair, String application, int flags, int counter, byte[] extensions) {
    static final int PRESENT = 0x01;
    static final int VERIFIED = 0x04;
    static final int ATTESTED = 0x40;
    static final int EXTENDED = 0x80;

    private static final String WEBAUTHN = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";

    static SoftAuthenticator ed25519(String application) {
        return of(application, "Ed25519");
    }

    static SoftAuthenticator ecdsa(String application) {
        return of(application, "EC");
    }

    private static SoftAuthenticator of(String application, String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            return new SoftAuthenticator(generator.generateKeyPair(), application, PRESENT | VERIFIED, 7, new byte[0]);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    SoftAuthenticator withFlags(int newFlags) {
        return new SoftAuthenticator(pair, application, newFlags, counter, extensions);
    }

    SoftAuthenticator withExtensions(byte[] newExtensions) {
        return new SoftAuthenticator(pair, application, flags, counter, newExtensions);
    }

    SshPublicKey publicKey() {
        SshWire.Writer writer = new SshWire.Writer().string(type());
        if (pair.getPublic() instanceof ECPublicKey elliptic) {
            writer.string("nistp256")
                    .string(new SshWire.Writer()
                            .uint8(4)
                            .raw(fixed(elliptic.getW().getAffineX()))
                            .raw(fixed(elliptic.getW().getAffineY()))
                            .bytes());
        } else {
            EdECPublicKey edwards = (EdECPublicKey) pair.getPublic();
            writer.string(EdwardsPoint.encoded(
                    edwards.getPoint().getY(), edwards.getPoint().isXOdd()));
        }
        return SshPublicKey.ofBlob(writer.string(application).bytes());
    }

    /** Signs as {@code ssh-keygen -Y sign} does with a security key. */
    String sign(String namespace, byte[] message) {
        byte[] bytes = authenticatorData()
                .raw(sha256(SshSignature.signedBytes(namespace, message)))
                .bytes();
        return SshSignature.armored(publicKey(), namespace, blob(type(), bytes).bytes());
    }

    /** Signs as a browser does on an honest page. */
    String signOnPage(String namespace, byte[] message, String origin) {
        return signOnPage(namespace, message, origin, UnaryOperator.identity());
    }

    /** Signs as a browser does that tampers with the client data before it is signed. */
    String signOnPage(String namespace, byte[] message, String origin, UnaryOperator<String> tampering) {
        String challenge =
                Base64.getUrlEncoder().withoutPadding().encodeToString(SshSignature.signedBytes(namespace, message));
        String honest = "{\"type\":\"webauthn.get\",\"challenge\":\"" + challenge + "\",\"origin\":\"" + origin
                + "\",\"crossOrigin\":false}";
        byte[] clientData = tampering.apply(honest).getBytes(StandardCharsets.UTF_8);
        byte[] bytes =
                authenticatorData().raw(extensions).raw(sha256(clientData)).bytes();
        byte[] blob = blob(WEBAUTHN, bytes)
                .string(origin)
                .string(clientData)
                .string(extensions)
                .bytes();
        return SshSignature.armored(publicKey(), namespace, blob);
    }

    private String type() {
        return pair.getPublic() instanceof ECPublicKey
                ? "sk-ecdsa-sha2-nistp256@openssh.com"
                : "sk-ssh-ed25519@openssh.com";
    }

    private SshWire.Writer authenticatorData() {
        return new SshWire.Writer()
                .raw(sha256(application.getBytes(StandardCharsets.UTF_8)))
                .uint8(flags)
                .uint32(counter);
    }

    private SshWire.Writer blob(String name, byte[] bytes) {
        return new SshWire.Writer()
                .string(name)
                .string(signRaw(bytes))
                .uint8(flags)
                .uint32(counter);
    }

    private byte[] signRaw(byte[] bytes) {
        boolean elliptic = pair.getPublic() instanceof ECPublicKey;
        try {
            Signature signer = Signature.getInstance(elliptic ? "SHA256withECDSAinP1363Format" : "Ed25519");
            signer.initSign(pair.getPrivate());
            signer.update(bytes);
            byte[] raw = signer.sign();
            return elliptic
                    ? new SshWire.Writer()
                            .mpint(new BigInteger(1, raw, 0, 32))
                            .mpint(new BigInteger(1, raw, 32, 32))
                            .bytes()
                    : raw;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static byte[] fixed(BigInteger coordinate) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[31 - i] = coordinate.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        return Sha256.of(bytes).bytes();
    }
}
