package countersign.signing.git;

import static org.assertj.core.api.Assertions.assertThat;

import countersign.signing.Refusals;
import countersign.signing.SshKeygen;
import countersign.signing.SshPrivateKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file that we write makes {@code ssh-keygen} believe exactly what it should. */
final class AllowedSignersTest {
    private static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);
    private static final String FILE = AllowedSigners.write(List.of(new AllowedSigners.Entry(
            List.of("ann@example.com", "ann"),
            KEY.publicKey(),
            List.of("git", "vote@countersign.dev"),
            Instant.parse("2026-01-02T03:04:05Z"),
            Instant.parse("2026-07-08T09:10:11Z"))));

    @TempDir
    Path folder;

    private SshKeygen keygen;

    @BeforeEach
    void openFolder() {
        keygen = new SshKeygen(folder);
    }

    private SshKeygen.Result verify(String principal, String namespace, String time) {
        return keygen.verify(FILE, principal, namespace, MESSAGE, KEY.sign(namespace, MESSAGE), "verify-time=" + time);
    }

    @Test
    void a_line_has_principals_options_and_the_key() {
        assertThat(FILE)
                .isEqualTo("ann@example.com,ann namespaces=\"git,vote@countersign.dev\","
                        + "valid-after=\"20260102030405Z\",valid-before=\"20260708091011Z\" "
                        + KEY.publicKey().line()
                        + "\n");
    }

    @Test
    void ssh_keygen_believes_each_principal_in_each_namespace() {
        assertThat(verify("ann@example.com", "git", "20260301000000Z").output()).contains("Good \"git\"");
        assertThat(verify("ann", "vote@countersign.dev", "20260301000000Z").output())
                .contains("Good \"vote@countersign.dev\"");
    }

    @Test
    void ssh_keygen_does_not_believe_another_principal_or_namespace() {
        assertThat(verify("ben@example.com", "git", "20260301000000Z").code()).isNotZero();
        assertThat(verify("ann", "file", "20260301000000Z").code()).isNotZero();
    }

    @Test
    void ssh_keygen_believes_within_the_times_only() {
        assertThat(verify("ann", "git", "20260102030404Z").code()).isNotZero();
        assertThat(verify("ann", "git", "20260102030406Z").code()).isZero();
        assertThat(verify("ann", "git", "20260708091010Z").code()).isZero();
        assertThat(verify("ann", "git", "20260708091012Z").code()).isNotZero();
    }

    @Test
    void a_key_without_times_is_always_believed() {
        AllowedSigners.Entry entry =
                new AllowedSigners.Entry(List.of("ann"), KEY.publicKey(), List.of("git"), null, null);

        assertThat(entry.line())
                .isEqualTo("ann namespaces=\"git\" " + KEY.publicKey().line());
        assertThat(keygen.verify(entry.line() + "\n", "ann", "git", MESSAGE, KEY.sign("git", MESSAGE))
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "*", "ann?", "!ann", "#ann", "a\"b", "a\nb", "änn"})
    void a_name_that_means_something_else_in_the_file_is_refused(String name) {
        assertThat(Refusals.ruleOf(
                        () -> new AllowedSigners.Entry(List.of(name), KEY.publicKey(), List.of("git"), null, null)))
                .isEqualTo("malformed-allowed-signer");
        assertThat(Refusals.ruleOf(
                        () -> new AllowedSigners.Entry(List.of("ann"), KEY.publicKey(), List.of(name), null, null)))
                .isEqualTo("malformed-allowed-signer");
    }

    @Test
    void an_entry_needs_a_principal_and_a_namespace() {
        assertThat(Refusals.ruleOf(
                        () -> new AllowedSigners.Entry(List.of(), KEY.publicKey(), List.of("git"), null, null)))
                .isEqualTo("malformed-allowed-signer");
        assertThat(Refusals.ruleOf(
                        () -> new AllowedSigners.Entry(List.of("ann"), KEY.publicKey(), List.of(), null, null)))
                .isEqualTo("malformed-allowed-signer");
    }
}
