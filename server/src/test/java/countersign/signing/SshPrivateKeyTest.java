package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which private key files are read, and that they show nothing. */
final class SshPrivateKeyTest {
    private static final String LABEL = "OPENSSH PRIVATE KEY";
    private static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);

    @TempDir
    Path folder;

    private SshKeygen keygen;

    @BeforeEach
    void openFolder() {
        keygen = new SshKeygen(folder);
    }

    private static String ruleOf(String file) {
        return Refusals.ruleOf(() -> SshPrivateKey.readOpenSsh(file.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] bytesOf(SshPrivateKey key) {
        return SshWire.readArmor("x", LABEL, key.writeOpenSsh("a comment"));
    }

    @Test
    void a_key_survives_being_written_and_read() {
        SshPrivateKey key = SshPrivateKey.generate(new SecureRandom());

        SshPrivateKey copy =
                SshPrivateKey.readOpenSsh(key.writeOpenSsh("any comment").getBytes(StandardCharsets.UTF_8));

        assertThat(copy.publicKey()).isEqualTo(key.publicKey());
        assertThat(copy.sign("x", new byte[3])).isEqualTo(key.sign("x", new byte[3]));
    }

    @Test
    void the_same_seed_gives_the_same_key_and_another_one_another() {
        assertThat(SshPrivateKey.ofEd25519Seed(new byte[32]).publicKey()).isEqualTo(KEY.publicKey());
        assertThat(SshPrivateKey.generate(new SecureRandom()).publicKey()).isNotEqualTo(KEY.publicKey());
    }

    @Test
    void a_file_with_a_passphrase_is_refused_with_a_way_out() throws IOException {
        keygen.run("", "ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", "locked");
        byte[] file = Files.readAllBytes(folder.resolve("locked"));

        assertThat(Refusals.ruleOf(() -> SshPrivateKey.readOpenSsh(file))).isEqualTo("passphrase-protected-key");
        assertThatCode(() -> SshPrivateKey.readOpenSsh(file)).hasMessageContaining("ssh-keygen -Y sign");
    }

    @Test
    void a_file_in_an_older_form_is_refused_with_a_way_out() throws IOException {
        keygen.generate("old", "ecdsa", "-m", "PEM");
        String file = Files.readString(folder.resolve("old"));

        assertThat(ruleOf(file)).isEqualTo("malformed-private-key");
        assertThatCode(() -> SshPrivateKey.readOpenSsh(file.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("ssh-keygen -p");
    }

    @Test
    void a_public_part_that_belongs_to_another_key_is_refused() {
        byte[] point = Arrays.copyOfRange(KEY.publicKey().blob(), 19, 51);
        byte[] other = Arrays.copyOfRange(
                SshPrivateKey.ofEd25519Seed(point).publicKey().blob(), 19, 51);
        String bytes = new String(bytesOf(KEY), StandardCharsets.ISO_8859_1)
                .replace(
                        new String(point, StandardCharsets.ISO_8859_1), new String(other, StandardCharsets.ISO_8859_1));

        assertThat(ruleOf(SshWire.writeArmor(LABEL, bytes.getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo("malformed-private-key");
    }

    @Test
    void every_truncation_is_refused() {
        byte[] bytes = bytesOf(KEY);

        for (int length = 0; length < bytes.length; length++) {
            assertThat(ruleOf(SshWire.writeArmor(LABEL, Arrays.copyOf(bytes, length))))
                    .as("length %d", length)
                    .isNotEqualTo("accepted");
        }
    }

    @Test
    void a_damaged_file_is_read_as_the_same_key_or_refused() throws IOException {
        Path rsa = keygen.generate("rsa", "rsa", "-b", "3072");
        SshPrivateKey key = SshPrivateKey.readOpenSsh(Files.readAllBytes(rsa));
        byte[] bytes = bytesOf(key);

        for (int i = 0; i < bytes.length; i += 37) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= 1;
            String file = SshWire.writeArmor(LABEL, flipped);
            if (ruleOf(file).equals("accepted")) {
                assertThat(SshPrivateKey.readOpenSsh(file.getBytes(StandardCharsets.UTF_8))
                                .publicKey())
                        .isEqualTo(key.publicKey());
            }
        }
    }

    @Test
    void what_is_too_long_is_refused() {
        assertThat(ruleOf("x".repeat(40_000))).isEqualTo("malformed-private-key");
        assertThat(ruleOf("")).isEqualTo("malformed-private-key");
    }

    @Test
    void the_text_form_shows_the_fingerprint_and_not_the_private_part() {
        String file = KEY.writeOpenSsh("x");

        assertThat(KEY.toString())
                .isEqualTo("private key of " + KEY.publicKey().fingerprint() + " (ssh-ed25519)")
                .doesNotContain(Base64.getEncoder().encodeToString(new byte[30]));
        assertThat(file).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----\n");
    }
}
