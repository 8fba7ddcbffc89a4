package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys and signatures on which implementations of Ed25519 are known to differ (Chalkias, Garillot, Nikolaenko: "Taming
 * the many EdDSAs"). Keys are judged here at enrolment; signatures by the Java platform, which checks the equation
 * without the cofactor.
 */
final class Ed25519EdgeTest {
    private static final BigInteger SECRET = new BigInteger("1234567890123456789012345678901234567890");
    private static final BigInteger NONCE = new BigInteger("9876543210987654321098765432109876543210");
    private static final EdwardsPoint KEY = EdwardsPoint.BASE.times(SECRET);
    private static final EdwardsPoint COMMITMENT = EdwardsPoint.BASE.times(NONCE);
    private static final EdwardsPoint ORDER_EIGHT = EdwardsPoint.smallOrder().get(1);
    private static final byte[] MESSAGE = "an edge".getBytes(StandardCharsets.UTF_8);

    static Stream<EdwardsPoint> smallOrder() {
        return EdwardsPoint.smallOrder().stream();
    }

    static Stream<byte[]> nonCanonical() {
        return IntStream.range(0, 19)
                .mapToObj(i -> EdwardsPoint.P.add(BigInteger.valueOf(i)))
                .flatMap(y -> Stream.of(EdwardsPoint.encoded(y, false), EdwardsPoint.encoded(y, true)));
    }

    @Test
    void there_are_eight_points_of_small_order() {
        assertThat(EdwardsPoint.smallOrder())
                .doesNotHaveDuplicates()
                .hasSize(8)
                .allMatch(point -> point.times(BigInteger.valueOf(8)).equals(EdwardsPoint.IDENTITY));
    }

    @ParameterizedTest
    @MethodSource("smallOrder")
    void a_key_of_small_order_is_refused(EdwardsPoint point) {
        assertThat(Refusals.ruleOf(() -> keyOf(point.encoded()))).isEqualTo("weak-key");
    }

    @Test
    void a_key_of_small_order_with_the_sign_of_a_zero_flipped_is_refused() {
        assertThat(Refusals.ruleOf(() -> keyOf(EdwardsPoint.encoded(BigInteger.ONE, true))))
                .isEqualTo("weak-key");
        assertThat(Refusals.ruleOf(() -> keyOf(EdwardsPoint.encoded(EdwardsPoint.P.subtract(BigInteger.ONE), true))))
                .isEqualTo("weak-key");
    }

    @ParameterizedTest
    @MethodSource("nonCanonical")
    void a_key_that_is_not_canonical_is_refused(byte[] encoded) {
        assertThat(Refusals.ruleOf(() -> keyOf(encoded))).isEqualTo("weak-key");
    }

    @Test
    void a_key_off_the_curve_is_refused() {
        byte[] encoded = EdwardsPoint.encoded(BigInteger.TWO, false);

        assertThat(Refusals.ruleOf(() -> keyOf(encoded))).isEqualTo("malformed-key");
    }

    @Test
    void a_plain_signature_is_good() {
        byte[] commitment = COMMITMENT.encoded();

        assertThatCode(() -> verify(KEY, commitment, answer(KEY, commitment, NONCE, MESSAGE), MESSAGE))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("multiplesOfTheOrder")
    void an_answer_that_is_not_below_the_order_is_refused(BigInteger excess) {
        byte[] commitment = COMMITMENT.encoded();
        BigInteger answer = answer(KEY, commitment, NONCE, MESSAGE).add(excess);

        assertThat(Refusals.ruleOf(() -> verify(KEY, commitment, answer, MESSAGE)))
                .isEqualTo("bad-signature");
    }

    static Stream<BigInteger> multiplesOfTheOrder() {
        return IntStream.of(1, 2, 7, 13).mapToObj(i -> EdwardsPoint.L.multiply(BigInteger.valueOf(i)));
    }

    @Test
    void a_commitment_of_the_identity_is_good_if_the_equation_holds() {
        byte[] commitment = EdwardsPoint.IDENTITY.encoded();

        assertThatCode(() -> verify(KEY, commitment, answer(KEY, commitment, BigInteger.ZERO, MESSAGE), MESSAGE))
                .doesNotThrowAnyException();
    }

    @Test
    void a_commitment_of_the_identity_that_is_not_canonical_is_refused() {
        byte[] commitment = EdwardsPoint.encoded(EdwardsPoint.P.add(BigInteger.ONE), false);

        assertThat(Refusals.ruleOf(
                        () -> verify(KEY, commitment, answer(KEY, commitment, BigInteger.ZERO, MESSAGE), MESSAGE)))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_commitment_of_the_identity_with_the_sign_of_a_zero_flipped_is_refused() {
        byte[] commitment = EdwardsPoint.encoded(BigInteger.ONE, true);

        assertThat(Refusals.ruleOf(
                        () -> verify(KEY, commitment, answer(KEY, commitment, BigInteger.ZERO, MESSAGE), MESSAGE)))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_commitment_of_small_order_that_only_the_cofactor_forgives_is_refused() {
        byte[] commitment = ORDER_EIGHT.encoded();

        assertThat(Refusals.ruleOf(
                        () -> verify(KEY, commitment, answer(KEY, commitment, BigInteger.ZERO, MESSAGE), MESSAGE)))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_commitment_of_mixed_order_that_only_the_cofactor_forgives_is_refused() {
        byte[] commitment = COMMITMENT.plus(ORDER_EIGHT).encoded();

        assertThat(Refusals.ruleOf(() -> verify(KEY, commitment, answer(KEY, commitment, NONCE, MESSAGE), MESSAGE)))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_commitment_off_the_curve_is_refused() {
        byte[] commitment = EdwardsPoint.encoded(BigInteger.TWO, false);

        assertThat(Refusals.ruleOf(() -> verify(KEY, commitment, BigInteger.ONE, MESSAGE)))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_key_of_mixed_order_signs_only_where_the_equation_holds_without_the_cofactor() {
        EdwardsPoint mixed = KEY.plus(ORDER_EIGHT);
        byte[] commitment = COMMITMENT.encoded();
        byte[] lucky = messageWithChallenge(mixed, commitment, true);
        byte[] unlucky = messageWithChallenge(mixed, commitment, false);

        assertThatCode(() -> verify(mixed, commitment, answer(mixed, commitment, NONCE, lucky), lucky))
                .doesNotThrowAnyException();
        assertThat(Refusals.ruleOf(() -> verify(mixed, commitment, answer(mixed, commitment, NONCE, unlucky), unlucky)))
                .isEqualTo("bad-signature");
    }

    /** A message whose challenge is, or is not, a multiple of eight. */
    private static byte[] messageWithChallenge(EdwardsPoint key, byte[] commitment, boolean multipleOfEight) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> ("message " + i).getBytes(StandardCharsets.UTF_8))
                .filter(message ->
                        multipleOfEight == (challenge(key, commitment, message).intValue() % 8 == 0))
                .findFirst()
                .orElseThrow();
    }

    private static BigInteger answer(EdwardsPoint key, byte[] commitment, BigInteger nonce, byte[] message) {
        return challenge(key, commitment, message).multiply(SECRET).add(nonce).mod(EdwardsPoint.L);
    }

    private static BigInteger challenge(EdwardsPoint key, byte[] commitment, byte[] message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(commitment);
            digest.update(key.encoded());
            byte[] bytes = digest.digest(message);
            for (int i = 0; i < bytes.length / 2; i++) {
                byte low = bytes[i];
                bytes[i] = bytes[bytes.length - 1 - i];
                bytes[bytes.length - 1 - i] = low;
            }
            return new BigInteger(1, bytes).mod(EdwardsPoint.L);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static SshPublicKey keyOf(byte[] encoded) {
        return SshPublicKey.ofBlob(
                new SshWire.Writer().string("ssh-ed25519").string(encoded).bytes());
    }

    private static void verify(EdwardsPoint key, byte[] commitment, BigInteger answer, byte[] message) {
        byte[] raw = new SshWire.Writer()
                .raw(commitment)
                .raw(EdwardsPoint.littleEndian(answer))
                .bytes();
        byte[] blob = new SshWire.Writer().string("ssh-ed25519").string(raw).bytes();
        SignatureBlob.parse(keyOf(key.encoded()), blob).verify(message, WebAuthnOrigins.none());
    }
}
