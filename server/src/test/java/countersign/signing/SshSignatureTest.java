package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signature with one thing wrong is refused by the rule that was broken. */
final class SshSignatureTest {
    private static final String NAMESPACE = "vote@countersign.dev";
    private static final byte[] MESSAGE = "{\"decision\":\"approve\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final String ORIGIN = "https://example.com";
    private static final WebAuthnOrigins PAGES = new WebAuthnOrigins("example.com", Set.of(ORIGIN));
    private static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);
    private static final String GOOD = KEY.sign(NAMESPACE, MESSAGE);

    @TempDir
    static Path folder;

    private static String ruleOf(String armored) {
        return Refusals.ruleOf(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE, PAGES));
    }

    private static String ruleOf(byte[] bytes) {
        return ruleOf(SshWire.writeArmor("SSH SIGNATURE", bytes));
    }

    /** The parts of a signature, to be put together wrongly. */
    private record Parts(
            String magic, int version, byte[] key, String namespace, String reserved, String hash, byte[] raw) {
        static Parts good() {
            byte[] raw = SshSignature.parse(GOOD).bytes();
            byte[] blob = Arrays.copyOfRange(raw, raw.length - 83, raw.length);
            return new Parts("SSHSIG", 1, KEY.publicKey().blob(), NAMESPACE, "", "sha512", blob);
        }

        Parts withMagic(String text) {
            return new Parts(text, version, key, namespace, reserved, hash, raw);
        }

        Parts withVersion(int number) {
            return new Parts(magic, number, key, namespace, reserved, hash, raw);
        }

        Parts withKey(byte[] blob) {
            return new Parts(magic, version, blob, namespace, reserved, hash, raw);
        }

        Parts withNamespace(String name) {
            return new Parts(magic, version, key, name, reserved, hash, raw);
        }

        Parts withReserved(String text) {
            return new Parts(magic, version, key, namespace, text, hash, raw);
        }

        Parts withHash(String name) {
            return new Parts(magic, version, key, namespace, reserved, name, raw);
        }

        Parts withRaw(byte[] blob) {
            return new Parts(magic, version, key, namespace, reserved, hash, blob);
        }

        byte[] bytes() {
            return new SshWire.Writer()
                    .magic(magic)
                    .uint32(version)
                    .string(key)
                    .string(namespace)
                    .string(reserved)
                    .string(hash)
                    .string(raw)
                    .bytes();
        }
    }

    @Test
    void a_signature_put_together_again_is_good() {
        assertThat(ruleOf(Parts.good().bytes())).isEqualTo("accepted");
        assertThat(SshWire.writeArmor("SSH SIGNATURE", Parts.good().bytes())).isEqualTo(GOOD);
    }

    @Test
    void a_signature_for_another_namespace_is_refused_and_both_are_named() {
        String armored = KEY.sign("git", MESSAGE);

        assertThat(ruleOf(armored)).isEqualTo("wrong-namespace");
        assertThatCode(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE))
                .hasMessageContaining("namespace git")
                .hasMessageContaining(NAMESPACE);
    }

    @Test
    void a_signature_whose_namespace_was_renamed_is_refused() {
        String armored = KEY.sign("vote@somewhere-else.", MESSAGE);
        byte[] raw = Arrays.copyOfRange(
                SshSignature.parse(armored).bytes(),
                SshSignature.parse(armored).bytes().length - 83,
                SshSignature.parse(armored).bytes().length);

        assertThat(ruleOf(Parts.good().withRaw(raw).bytes())).isEqualTo("bad-signature");
    }

    @Test
    void a_signature_over_another_message_is_refused() {
        assertThat(ruleOf(KEY.sign(NAMESPACE, "{\"decision\":\"reject\"}\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("bad-signature");
    }

    @Test
    void a_signature_under_the_key_of_another_is_refused() {
        byte[] other = SshPrivateKey.ofEd25519Seed(new byte[] {
                    1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2
                })
                .publicKey()
                .blob();

        assertThat(ruleOf(Parts.good().withKey(other).bytes())).isEqualTo("bad-signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "md5", "sha384", "SHA512", ""})
    void another_hash_is_refused(String hash) {
        assertThat(ruleOf(Parts.good().withHash(hash).bytes())).isEqualTo("weak-hash");
    }

    @Test
    void a_hash_that_was_swapped_for_another_good_one_is_refused() {
        assertThat(ruleOf(Parts.good().withHash("sha256").bytes())).isEqualTo("bad-signature");
    }

    @Test
    void other_magic_version_or_reserved_bytes_are_refused() {
        assertThat(ruleOf(Parts.good().withMagic("SSHSIH").bytes())).isEqualTo("malformed-signature");
        assertThat(ruleOf(Parts.good().withVersion(2).bytes())).isEqualTo("malformed-signature");
        assertThat(ruleOf(Parts.good().withVersion(0).bytes())).isEqualTo("malformed-signature");
        assertThat(ruleOf(Parts.good().withReserved("x").bytes())).isEqualTo("malformed-signature");
        assertThat(ruleOf(Parts.good().withNamespace("").bytes())).isEqualTo("wrong-namespace");
        assertThat(ruleOf(Parts.good().withNamespace("vote\n").bytes())).isEqualTo("malformed-signature");
    }

    @Test
    void a_raw_signature_of_another_type_than_its_key_is_refused() {
        byte[] raw = new SshWire.Writer()
                .string("ecdsa-sha2-nistp256")
                .string(new byte[64])
                .bytes();

        assertThat(ruleOf(Parts.good().withRaw(raw).bytes())).isEqualTo("malformed-signature");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 65})
    void a_raw_signature_of_another_length_is_refused(int length) {
        byte[] raw = new SshWire.Writer()
                .string("ssh-ed25519")
                .string(new byte[length])
                .bytes();

        assertThat(ruleOf(Parts.good().withRaw(raw).bytes())).isEqualTo("malformed-signature");
    }

    static Stream<UnaryOperator<String>> armorTampering() {
        return Stream.of(
                good -> " " + good,
                good -> "\n" + good,
                good -> good + "\n",
                good -> good + "x",
                good -> good + good,
                good -> good.replace("\n", "\r\n"),
                good -> good.replace("SSH SIGNATURE", "PGP SIGNATURE"),
                good -> good.replace("-----BEGIN SSH SIGNATURE-----\n", ""),
                good -> good.replace("-----END SSH SIGNATURE-----", "-----END SSH SIGNATURE----"),
                good -> good.replace("-----END SSH SIGNATURE-----\n", ""),
                good -> good.replace("\n-----END", "\n\n-----END"),
                good -> good.replace("-----\nU", "-----\n\nU"),
                good -> good.replace("U1NI", "U1N "),
                good -> good.replace("U1NI", "U1-I"),
                good -> good.replace("U1NI", "U1N\u00c9"),
                good -> "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
                good -> "",
                good -> good.replace("U1NI", "U1NI" + "AAAA".repeat(4096)));
    }

    @ParameterizedTest
    @MethodSource("armorTampering")
    void armor_that_is_not_exactly_right_is_refused(UnaryOperator<String> tampering) {
        assertThat(ruleOf(tampering.apply(GOOD))).isEqualTo("malformed-signature");
    }

    @Test
    void armor_of_another_width_or_without_a_final_line_feed_is_fine() {
        String body = GOOD.replaceAll("-----[A-Z ]+-----|\n", "");

        assertThat(ruleOf("-----BEGIN SSH SIGNATURE-----\n" + body + "\n-----END SSH SIGNATURE-----\n"))
                .isEqualTo("accepted");
        assertThat(ruleOf(GOOD.strip())).isEqualTo("accepted");
    }

    @Test
    void base64_with_stray_bits_in_its_last_character_is_refused() {
        byte[] longer = Parts.good().withHash("sha256").bytes();
        assertThat(longer.length % 3).isNotZero();
        String armored = SshWire.writeArmor("SSH SIGNATURE", longer);
        int last = armored.indexOf("=") - 1;
        String stray = armored.substring(0, last) + (char) (armored.charAt(last) + 1) + armored.substring(last + 1);

        assertThat(ruleOf(stray)).isEqualTo("malformed-signature");
    }

    @Test
    void an_rsa_signature_with_sha1_is_refused() {
        SshKeygen keygen = new SshKeygen(folder);
        Path key = keygen.generate("sha1", "rsa", "-b", "3072");
        byte[] blob = keygen.publicKey(key).blob();
        byte[] raw =
                new SshWire.Writer().string("ssh-rsa").string(new byte[384]).bytes();

        assertThat(ruleOf(Parts.good().withKey(blob).withRaw(raw).bytes())).isEqualTo("weak-hash");
    }

    /** One signature of each form. */
    static Stream<String> signatures() throws IOException {
        SshKeygen keygen = new SshKeygen(Files.createTempDirectory(folder, "keys"));
        Stream<String> files = Stream.of("ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072")
                .map(type ->
                        keygen.sign(keygen.generate(type.replace(" ", ""), type.split(" ", -1)), NAMESPACE, MESSAGE));
        Stream<String> authenticators = Stream.of(
                SoftAuthenticator.ed25519("ssh:").sign(NAMESPACE, MESSAGE),
                SoftAuthenticator.ecdsa("ssh:").sign(NAMESPACE, MESSAGE),
                SoftAuthenticator.ecdsa("example.com").signOnPage(NAMESPACE, MESSAGE, ORIGIN));
        return Stream.concat(Stream.of(GOOD), Stream.concat(files, authenticators));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void every_truncation_is_refused(String armored) {
        byte[] bytes = SshSignature.parse(armored).bytes();

        assertThat(ruleOf(bytes)).isEqualTo("accepted");
        for (int length = 0; length < bytes.length; length++) {
            assertThat(ruleOf(Arrays.copyOf(bytes, length)))
                    .as("length %d", length)
                    .isNotEqualTo("accepted");
        }
        assertThat(ruleOf(Arrays.copyOf(bytes, bytes.length + 1))).isEqualTo("malformed-signature");
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void every_byte_that_is_flipped_is_refused(String armored) {
        byte[] bytes = SshSignature.parse(armored).bytes();

        for (int i = 0; i < bytes.length; i++) {
            for (int mask : new int[] {0x01, 0x80, 0xff}) {
                byte[] flipped = bytes.clone();
                flipped[i] ^= (byte) mask;
                assertThat(ruleOf(flipped)).as("byte %d ^ %d", i, mask).isNotEqualTo("accepted");
            }
        }
    }

    @Test
    void every_character_of_the_armor_that_is_replaced_is_refused() {
        for (int i = 0; i < GOOD.length(); i++) {
            for (char c : new char[] {'A', 'z', '=', '\n', ' ', '\0', '\u2014'}) {
                String replaced = GOOD.substring(0, i) + c + GOOD.substring(i + 1);
                if (!replaced.replace("\n", "").equals(GOOD.replace("\n", ""))) {
                    assertThat(ruleOf(replaced))
                            .as("character %d: %s", i, replaced)
                            .isNotEqualTo("accepted");
                }
            }
        }
    }
}
