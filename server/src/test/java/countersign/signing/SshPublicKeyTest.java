package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys can be enrolled, and by which rule others are refused. */
final class SshPublicKeyTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(3071).setBit(0);
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    private static final SshPublicKey KEY =
            SshPrivateKey.ofEd25519Seed(new byte[32]).publicKey();

    @TempDir
    Path folder;

    private SshKeygen keygen;

    @BeforeEach
    void openFolder() {
        keygen = new SshKeygen(folder);
    }

    private static String ruleOf(String line) {
        return Refusals.ruleOf(() -> SshPublicKey.parse(line));
    }

    private static String ruleOf(SshWire.Writer blob) {
        return Refusals.ruleOf(() -> SshPublicKey.ofBlob(blob.bytes()));
    }

    private static SshWire.Writer rsa(BigInteger exponent, BigInteger modulus) {
        return new SshWire.Writer().string("ssh-rsa").mpint(exponent).mpint(modulus);
    }

    private static SshWire.Writer p256(String curve, byte[] point) {
        return new SshWire.Writer().string("ecdsa-sha2-nistp256").string(curve).string(point);
    }

    @Test
    void a_key_is_equal_to_itself_in_every_form() {
        SshPublicKey withComment = SshPublicKey.parse(KEY.line() + " ann@example.com with a comment\n");

        assertThat(withComment).isEqualTo(KEY).hasSameHashCodeAs(KEY);
        assertThat(SshPublicKey.ofBlob(KEY.blob())).isEqualTo(KEY);
        assertThat(SshPublicKey.parse(KEY.line()).line()).isEqualTo(KEY.line());
        assertThat(SshPrivateKey.ofEd25519Seed(KEY.blob()).publicKey()).isNotEqualTo(KEY);
    }

    @Test
    void a_changed_copy_of_the_bytes_does_not_change_the_key() {
        byte[] blob = KEY.blob();
        SshPublicKey key = SshPublicKey.ofBlob(blob);

        blob[20] ^= 1;
        key.blob()[20] ^= 1;

        assertThat(key).isEqualTo(KEY);
    }

    @Test
    void an_rsa_key_of_2048_bits_is_refused_as_weak() {
        keygen.generate("short", "rsa", "-b", "2048");

        assertThat(Refusals.ruleOf(() -> keygen.publicKey(folder.resolve("short"))))
                .isEqualTo("weak-key");
    }

    @Test
    void an_rsa_key_has_a_size_and_an_exponent_within_bounds() {
        assertThat(ruleOf(rsa(EXPONENT, MODULUS))).isEqualTo("accepted");
        assertThat(ruleOf(rsa(EXPONENT, MODULUS.shiftRight(1).setBit(0)))).isEqualTo("weak-key");
        assertThat(ruleOf(rsa(BigInteger.valueOf(3), MODULUS))).isEqualTo("weak-key");
        assertThat(ruleOf(rsa(EXPONENT.add(BigInteger.ONE), MODULUS))).isEqualTo("weak-key");
        assertThat(ruleOf(rsa(BigInteger.ONE.shiftLeft(64).setBit(0), MODULUS))).isEqualTo("weak-key");
        assertThat(ruleOf(rsa(EXPONENT, MODULUS.clearBit(0)))).isEqualTo("weak-key");
        assertThat(ruleOf(rsa(EXPONENT, BigInteger.ONE.shiftLeft(8192).setBit(0))))
                .isEqualTo("unsupported-key");
    }

    @Test
    void an_integer_that_is_negative_or_not_in_its_shortest_form_is_refused() {
        byte[] padded = new byte[386];
        System.arraycopy(MODULUS.toByteArray(), 0, padded, 1, 385);

        assertThat(ruleOf(new SshWire.Writer().string("ssh-rsa").mpint(EXPONENT).string(padded)))
                .isEqualTo("malformed-key");
        assertThat(ruleOf(rsa(EXPONENT, MODULUS.negate()))).isEqualTo("malformed-key");
        assertThat(ruleOf(rsa(BigInteger.ZERO, MODULUS))).isEqualTo("malformed-key");
    }

    @Test
    void an_ecdsa_point_is_uncompressed_and_on_the_curve_that_is_named_twice() {
        SshWire.Reader reader = new SshWire.Reader(
                "x",
                "x",
                keygen.publicKey(keygen.generate("p", "ecdsa", "-b", "256")).blob());
        reader.string();
        reader.string();
        byte[] point = reader.string();
        byte[] off = point.clone();
        off[64] ^= 1;
        byte[] compressed = Arrays.copyOf(point, 33);
        compressed[0] = 2;

        assertThat(ruleOf(p256("nistp256", point))).isEqualTo("accepted");
        assertThat(ruleOf(p256("nistp256", off))).isEqualTo("malformed-key");
        assertThat(ruleOf(p256("nistp256", compressed))).isEqualTo("malformed-key");
        assertThat(ruleOf(p256("nistp256", new byte[] {0}))).isEqualTo("malformed-key");
        assertThat(ruleOf(p256("nistp384", point))).isEqualTo("malformed-key");
    }

    @Test
    void a_coordinate_that_is_not_below_the_prime_is_refused() {
        byte[] point = new byte[65];
        Arrays.fill(point, (byte) 0xff);
        point[0] = 4;

        assertThat(ruleOf(p256("nistp256", point))).isEqualTo("malformed-key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh-dss",
                "ssh-ed25519-cert-v01@openssh.com",
                "ssh-ed448",
                "cert-authority",
                "no-pty ssh-ed25519",
                ""
            })
    void a_line_that_begins_with_another_type_is_refused(String type) {
        assertThat(ruleOf(type + " " + Base64.getEncoder().encodeToString(KEY.blob())))
                .isEqualTo("unsupported-key");
    }

    @Test
    void a_line_that_does_not_hold_what_it_says_is_refused() {
        String base64 = Base64.getEncoder().encodeToString(KEY.blob());

        assertThat(ruleOf("ssh-rsa " + base64)).isEqualTo("malformed-key");
        assertThat(ruleOf("ssh-ed25519")).isEqualTo("malformed-key");
        assertThat(ruleOf("ssh-ed25519 " + base64.substring(1))).isEqualTo("malformed-key");
        assertThat(ruleOf("ssh-ed25519 " + base64 + "AAAA")).isEqualTo("malformed-key");
        assertThat(ruleOf(KEY.line() + "\n" + KEY.line())).isEqualTo("malformed-key");
        assertThat(ruleOf(KEY.line() + " " + "x".repeat(9000))).isEqualTo("malformed-key");
    }

    @Test
    void a_key_with_bytes_after_its_end_or_too_few_is_refused() {
        assertThat(ruleOf(new SshWire.Writer().raw(KEY.blob()).uint8(0))).isEqualTo("malformed-key");
        assertThat(ruleOf(new SshWire.Writer().string("ssh-ed25519").string(new byte[31])))
                .isEqualTo("malformed-key");
        assertThat(ruleOf(new SshWire.Writer().string("ssh-ed25519").uint32(-1)))
                .isEqualTo("malformed-key");
        assertThat(ruleOf(new SshWire.Writer()
                        .string("sk-ssh-ed25519@openssh.com")
                        .string(new byte[32])))
                .isNotEqualTo("accepted");
    }
}
