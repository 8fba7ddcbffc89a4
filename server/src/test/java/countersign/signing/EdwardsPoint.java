package countersign.signing;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.TWO;
import static java.math.BigInteger.ZERO;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/**
 * A point of the Edwards curve of RFC 8032, by the textbook's formulas and independent of what is tested: slow, and only
 * for making odd keys and signatures.
 */
record EdwardsPoint(BigInteger x, BigInteger y) {
    static final BigInteger P = TWO.pow(255).subtract(BigInteger.valueOf(19));
    static final BigInteger L = TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    static final EdwardsPoint IDENTITY = new EdwardsPoint(ZERO, ONE);
    static final EdwardsPoint BASE = ofY(divide(BigInteger.valueOf(4), BigInteger.valueOf(5)), false);

    private static BigInteger d() {
        return divide(BigInteger.valueOf(-121665), BigInteger.valueOf(121666));
    }

    /** The point with this y and an even or odd x; fails if there is none. */
    static EdwardsPoint ofY(BigInteger y, boolean odd) {
        BigInteger xx = divide(y.pow(2).subtract(ONE), d().multiply(y.pow(2)).add(ONE));
        BigInteger x = xx.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!x.pow(2).mod(P).equals(xx)) {
            x = x.multiply(TWO.modPow(P.subtract(ONE).shiftRight(2), P)).mod(P);
        }
        if (!x.pow(2).mod(P).equals(xx)) {
            throw new ArithmeticException("no point has y = " + y);
        }
        return new EdwardsPoint(x.testBit(0) == odd ? x : P.subtract(x).mod(P), y);
    }

    /** The eight points that eight times themselves are the identity. */
    static List<EdwardsPoint> smallOrder() {
        return Stream.iterate(TWO, y -> y.add(ONE))
                .filter(EdwardsPoint::isY)
                .map(y -> ofY(y, false).times(L))
                .filter(point -> !point.times(BigInteger.valueOf(4)).equals(IDENTITY))
                .findFirst()
                .map(generator ->
                        Stream.iterate(IDENTITY, generator::plus).limit(8).toList())
                .orElseThrow();
    }

    private static boolean isY(BigInteger y) {
        BigInteger xx = divide(y.pow(2).subtract(ONE), d().multiply(y.pow(2)).add(ONE));
        return xx.modPow(P.subtract(ONE).shiftRight(1), P).equals(ONE);
    }

    EdwardsPoint plus(EdwardsPoint other) {
        BigInteger cross =
                d().multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
        return new EdwardsPoint(
                divide(x.multiply(other.y).add(y.multiply(other.x)), ONE.add(cross)),
                divide(y.multiply(other.y).add(x.multiply(other.x)), ONE.subtract(cross)));
    }

    EdwardsPoint times(BigInteger factor) {
        EdwardsPoint sum = IDENTITY;
        for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
            sum = sum.plus(sum);
            sum = factor.testBit(bit) ? sum.plus(this) : sum;
        }
        return sum;
    }

    byte[] encoded() {
        return encoded(y, x.testBit(0));
    }

    /** 32 bytes, little end first, with a sign bit; y may be anything below 2^255. */
    static byte[] encoded(BigInteger y, boolean odd) {
        byte[] bytes = littleEndian(y);
        bytes[31] |= (byte) (odd ? 0x80 : 0);
        return bytes;
    }

    static byte[] littleEndian(BigInteger value) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static BigInteger divide(BigInteger numerator, BigInteger denominator) {
        return numerator.multiply(denominator.modInverse(P)).mod(P);
    }
}
