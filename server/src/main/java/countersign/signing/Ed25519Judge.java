package countersign.signing;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * Judges the Ed25519 signatures of one key exactly as the Java platform does, and mostly several times faster.
 * Immutable but for what it found out about its key; thread-safe.
 *
 * <p>A yes of Bouncy Castle counts only where all judges must agree: if the key and the signature's commitment are
 * canonical encodings of points without any part of small order. Then the equation with and without the cofactor, and any
 * multiple of it, say the same. Everything else, every no included, is left to the platform.
 */
final class Ed25519Judge {
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;

    private final PublicKey platformKey;
    private final byte[] encoded;
    private volatile @Nullable Certainty certainty;

    /** Whether the key has no part of small order; then it is decoded. */
    private record Certainty(Ed25519.@Nullable PublicPoint point) {}

    Ed25519Judge(EdECPublicKey platformKey) {
        this.platformKey = platformKey;
        this.encoded = encoded(platformKey);
    }

    /** Whether the key signed these bytes. */
    boolean isSigned(byte[] bytes, byte[] signature) {
        return isCertain(bytes, signature) || SignatureBlob.isSigned("Ed25519", platformKey, bytes, signature);
    }

    /** True only if the signature is good beyond any difference between judges. */
    boolean isCertain(byte[] bytes, byte[] signature) {
        Ed25519.PublicPoint point = certainty().point();
        return point != null
                && signature.length == SIGNATURE_BYTES
                && Ed25519.verify(signature, 0, point, bytes, 0, bytes.length)
                && Ed25519.validatePublicKeyFull(signature, 0);
    }

    /** Dear, and the same for ever. */
    private Certainty certainty() {
        Certainty known = certainty;
        if (known == null) {
            known = new Certainty(Ed25519.validatePublicKeyFullExport(encoded, 0));
            certainty = known;
        }
        return known;
    }

    private static byte[] encoded(EdECPublicKey key) {
        BigInteger y = key.getPoint().getY();
        byte[] bigEndian = y.toByteArray();
        byte[] encoded = new byte[KEY_BYTES];
        int length = Math.min(bigEndian.length, KEY_BYTES);
        for (int i = 0; i < length; i++) {
            encoded[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            encoded[KEY_BYTES - 1] |= (byte) 0x80;
        }
        return encoded;
    }
}
