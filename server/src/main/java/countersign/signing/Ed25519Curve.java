package countersign.signing;

import countersign.codec.Refusal;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Which 32 bytes are an acceptable Ed25519 public key: canonical, on the curve, not of small order (RFC 8032). */
final class Ed25519Curve {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    /** The y coordinate of two of the four points of order eight; the other two have its negative. */
    private static final BigInteger ORDER_EIGHT =
            new BigInteger("5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

    private static final Set<BigInteger> SMALL_ORDER =
            Set.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE), ORDER_EIGHT, P.subtract(ORDER_EIGHT));

    private Ed25519Curve() {}

    static EdECPublicKey decode(byte[] encoded) {
        if (encoded.length != 32) {
            throw new Refusal("malformed-key", "an Ed25519 key has 32 bytes, found " + encoded.length);
        }
        boolean odd = encoded[31] < 0;
        BigInteger y = yOf(encoded);
        if (y.compareTo(P) >= 0) {
            throw new Refusal("weak-key", "the Ed25519 key is not in its canonical form: y is not below 2^255 - 19");
        }
        if (SMALL_ORDER.contains(y)) {
            throw new Refusal(
                    "weak-key", "the Ed25519 key is a point of small order, for which anyone can make signatures");
        }
        if (!Ed25519.validatePublicKeyPartial(encoded, 0)) {
            throw new Refusal("malformed-key", "the Ed25519 key is not a point of the curve");
        }
        try {
            return (EdECPublicKey) KeyFactory.getInstance("Ed25519")
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, y)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the platform refuses a checked Ed25519 key", impossible);
        }
    }

    private static BigInteger yOf(byte[] encoded) {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = encoded[31 - i];
        }
        bigEndian[0] &= 0x7f;
        return new BigInteger(1, bigEndian);
    }
}
