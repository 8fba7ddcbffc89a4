package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our signatures hold for {@code ssh-keygen}, and its signatures for us. */
final class SshKeygenAgreesTest {
    private static final String NAMESPACE = "vote@countersign.dev";
    private static final byte[] MESSAGE = "{\"decision\":\"approve\"}\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private SshKeygen keygen;

    @BeforeEach
    void openFolder() {
        keygen = new SshKeygen(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072"})
    void a_signature_by_ssh_keygen_is_good_for_us(String type) {
        Path key = keygen.generate("ann", type.split(" "));

        SshSignature signature = SshSignature.parse(keygen.sign(key, NAMESPACE, MESSAGE));

        assertThat(signature.publicKey()).isEqualTo(keygen.publicKey(key));
        assertThat(signature.namespace()).isEqualTo(NAMESPACE);
        assertThatCode(() -> signature.verify(NAMESPACE, MESSAGE)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072"})
    void our_signature_with_a_key_of_ssh_keygen_is_good_for_it(String type) throws IOException {
        Path file = keygen.generate("ann", type.split(" "));
        SshPrivateKey key = SshPrivateKey.readOpenSsh(Files.readAllBytes(file));

        String armored = key.sign(NAMESPACE, MESSAGE);

        assertThat(key.publicKey()).isEqualTo(keygen.publicKey(file));
        assertThat(keygen.verify(key.publicKey(), NAMESPACE, MESSAGE, armored).code())
                .isZero();
        assertThatCode(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa -b 3072"})
    void a_key_file_we_write_is_read_by_ssh_keygen(String type) throws IOException {
        SshPrivateKey key = SshPrivateKey.readOpenSsh(Files.readAllBytes(keygen.generate("ann", type.split(" "))));
        keygen.write("copy", key.writeOpenSsh("ann's copy").getBytes(StandardCharsets.UTF_8));

        String line = keygen.run("", "ssh-keygen", "-y", "-f", "copy").output();

        assertThat(line).isEqualTo(key.publicKey().line() + " ann's copy\n");
    }

    @Test
    void a_key_we_generate_signs_in_the_very_bytes_of_ssh_keygen() {
        SshPrivateKey key = SshPrivateKey.generate(new SecureRandom());
        Path file = keygen.write("new", key.writeOpenSsh("new").getBytes(StandardCharsets.UTF_8));
        keygen.write("new.pub", key.publicKey().line().getBytes(StandardCharsets.UTF_8));

        String theirs = keygen.sign(file, NAMESPACE, MESSAGE);

        assertThat(key.sign(NAMESPACE, MESSAGE)).isEqualTo(theirs);
    }

    @Test
    void a_signature_over_a_sha256_digest_is_good_too() {
        Path key = keygen.generate("ann", "ed25519");

        String armored = keygen.sign(key, NAMESPACE, MESSAGE, "hashalg=sha256");

        assertThatCode(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE))
                .doesNotThrowAnyException();
    }

    @Test
    void a_signature_of_rsa_with_sha256_is_good_for_both() throws IOException {
        Path file = keygen.generate("ann", "rsa", "-b", "3072", "-m", "PEM");
        SshPublicKey key = keygen.publicKey(file);
        keygen.write("signed", SshSignature.signedBytes(NAMESPACE, MESSAGE));
        keygen.run("", "openssl", "dgst", "-sha256", "-sign", "ann", "-out", "raw", "signed");
        byte[] raw = Files.readAllBytes(folder.resolve("raw"));

        String armored = SshSignature.armored(
                key,
                NAMESPACE,
                new SshWire.Writer().string("rsa-sha2-256").string(raw).bytes());

        assertThatCode(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE))
                .doesNotThrowAnyException();
        assertThat(keygen.verify(key, NAMESPACE, MESSAGE, armored).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa -b 256", "rsa -b 3072"})
    void a_fingerprint_is_the_one_ssh_keygen_prints(String type) {
        Path key = keygen.generate("ann", type.split(" "));

        String printed = keygen.run("", "ssh-keygen", "-l", "-f", "ann.pub").output();

        assertThat(printed).contains(" " + keygen.publicKey(key).fingerprint() + " ");
    }
}
