package countersign.signing;

import countersign.codec.Refusal;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The types of public key that are trusted, and how each is encoded and checked. */
enum SshKeyType {
    ED25519("ssh-ed25519", ""),
    ECDSA_P256("ecdsa-sha2-nistp256", "nistp256"),
    ECDSA_P384("ecdsa-sha2-nistp384", "nistp384"),
    ECDSA_P521("ecdsa-sha2-nistp521", "nistp521"),
    RSA("ssh-rsa", ""),
    SK_ED25519("sk-ssh-ed25519@openssh.com", ""),
    SK_ECDSA_P256("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256");

    private static final int MIN_RSA_BITS = 3072;
    private static final int MAX_RSA_BITS = 8192;
    private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65537);

    private final String sshName;
    private final String curve;

    SshKeyType(String sshName, String curve) {
        this.sshName = sshName;
        this.curve = curve;
    }

    static SshKeyType ofName(String name) {
        return Arrays.stream(values())
                .filter(type -> type.sshName.equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        "unsupported-key",
                        "keys of type " + (name.length() > 64 ? name.substring(0, 64) : name) + " are not accepted",
                        "use one of "
                                + Arrays.stream(values())
                                        .map(SshKeyType::sshName)
                                        .collect(Collectors.joining(", "))));
    }

    String sshName() {
        return sshName;
    }

    /** OpenSSH's name of the elliptic curve, empty if it is not an ECDSA type. */
    String curve() {
        return curve;
    }

    boolean isAuthenticator() {
        return this == SK_ED25519 || this == SK_ECDSA_P256;
    }

    /** The platform's name of the algorithm that judges raw signatures; for RSA that depends on the signature. */
    String platformAlgorithm() {
        return switch (this) {
            case ED25519, SK_ED25519 -> "Ed25519";
            case ECDSA_P256, SK_ECDSA_P256 -> "SHA256withECDSAinP1363Format";
            case ECDSA_P384 -> "SHA384withECDSAinP1363Format";
            case ECDSA_P521 -> "SHA512withECDSAinP1363Format";
            case RSA -> "SHA512withRSA";
        };
    }

    /** Reads the fields after the type's name. */
    PublicKey readKey(SshWire.Reader reader) {
        return switch (this) {
            case ED25519, SK_ED25519 -> Ed25519Curve.decode(reader.string());
            case RSA -> readRsa(reader);
            case ECDSA_P256, ECDSA_P384, ECDSA_P521, SK_ECDSA_P256 -> readEcdsa(reader);
        };
    }

    ECParameterSpec curveParameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve.replace("nistp", "secp") + "r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has " + curve, missing);
        }
    }

    private PublicKey readEcdsa(SshWire.Reader reader) {
        reader.expectText(curve);
        byte[] encoded = reader.string();
        ECParameterSpec parameters = curveParameters();
        int size = (parameters.getCurve().getField().getFieldSize() + 7) / 8;
        if (encoded.length != 1 + 2 * size || encoded[0] != 4) {
            throw reader.refusal("is not an uncompressed point of " + curve);
        }
        ECPoint point = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(encoded, 1, 1 + size)),
                new BigInteger(1, Arrays.copyOfRange(encoded, 1 + size, encoded.length)));
        if (!isOnCurve(parameters, point)) {
            throw reader.refusal("is not a point of " + curve);
        }
        try {
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the platform refuses a checked ECDSA key", impossible);
        }
    }

    private static boolean isOnCurve(ECParameterSpec parameters, ECPoint point) {
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.multiply(x)
                .add(parameters.getCurve().getA())
                .multiply(x)
                .add(parameters.getCurve().getB())
                .mod(p);
        return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
    }

    private static PublicKey readRsa(SshWire.Reader reader) {
        BigInteger exponent = reader.positive();
        BigInteger modulus = reader.positive();
        if (modulus.bitLength() < MIN_RSA_BITS) {
            throw new Refusal(
                    "weak-key",
                    "the RSA key has " + modulus.bitLength() + " bits, at least " + MIN_RSA_BITS + " are needed",
                    "make a key with: ssh-keygen -t ed25519");
        }
        if (modulus.bitLength() > MAX_RSA_BITS) {
            throw new Refusal(
                    "unsupported-key",
                    "the RSA key has " + modulus.bitLength() + " bits, at most " + MAX_RSA_BITS + " are accepted");
        }
        if (!exponent.testBit(0)
                || !modulus.testBit(0)
                || exponent.compareTo(MIN_RSA_EXPONENT) < 0
                || exponent.bitLength() > 64) {
            throw new Refusal("weak-key", "the RSA key's exponent must be odd, at least 65537 and below 2^64");
        }
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the platform refuses a checked RSA key", impossible);
        }
    }
}
