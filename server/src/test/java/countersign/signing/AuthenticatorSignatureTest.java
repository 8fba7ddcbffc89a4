package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures by security keys and passkeys: what {@code ssh-keygen} accepts is good, and every trick has a name. */
final class AuthenticatorSignatureTest {
    private static final String NAMESPACE = "vote@countersign.dev";
    private static final byte[] MESSAGE = "{\"decision\":\"approve\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final String ORIGIN = "https://countersign.example.com";
    private static final String RELYING_PARTY = "example.com";
    private static final WebAuthnOrigins PAGES = new WebAuthnOrigins(RELYING_PARTY, Set.of(ORIGIN));

    @TempDir
    Path folder;

    private static SoftAuthenticator passkey() {
        return SoftAuthenticator.ecdsa(RELYING_PARTY);
    }

    private static String ruleOf(String armored) {
        return Refusals.ruleOf(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE, PAGES));
    }

    private static String ruleOfPage(UnaryOperator<String> tampering) {
        return ruleOf(passkey().signOnPage(NAMESPACE, MESSAGE, ORIGIN, tampering));
    }

    private void assertGoodForBoth(SshPublicKey key, String armored) {
        SshSignature signature = SshSignature.parse(armored);

        assertThat(signature.publicKey()).isEqualTo(key);
        assertThatCode(() -> signature.verify(NAMESPACE, MESSAGE, PAGES)).doesNotThrowAnyException();
        assertThat(new SshKeygen(folder)
                        .verify(key, NAMESPACE, MESSAGE, armored)
                        .output())
                .contains("Good \"" + NAMESPACE + "\" signature");
    }

    @Test
    void an_ed25519_security_key_signs() {
        SoftAuthenticator authenticator = SoftAuthenticator.ed25519("ssh:");

        assertGoodForBoth(authenticator.publicKey(), authenticator.sign(NAMESPACE, MESSAGE));
    }

    @Test
    void an_ecdsa_security_key_signs() {
        SoftAuthenticator authenticator = SoftAuthenticator.ecdsa("ssh:");

        assertGoodForBoth(authenticator.publicKey(), authenticator.sign(NAMESPACE, MESSAGE));
    }

    @Test
    void a_passkey_signs_on_an_allowed_page() {
        SoftAuthenticator passkey = passkey();

        assertGoodForBoth(passkey.publicKey(), passkey.signOnPage(NAMESPACE, MESSAGE, ORIGIN));
    }

    @Test
    void a_passkey_with_extensions_signs_on_an_allowed_page() {
        SoftAuthenticator passkey = passkey()
                .withFlags(SoftAuthenticator.PRESENT | SoftAuthenticator.VERIFIED | SoftAuthenticator.EXTENDED)
                .withExtensions(new byte[] {(byte) 0xa0});

        assertGoodForBoth(passkey.publicKey(), passkey.signOnPage(NAMESPACE, MESSAGE, ORIGIN));
    }

    @Test
    void a_browser_that_leaves_out_cross_origin_or_adds_members_is_fine() {
        SoftAuthenticator passkey = passkey();

        assertGoodForBoth(
                passkey.publicKey(),
                passkey.signOnPage(NAMESPACE, MESSAGE, ORIGIN, honest -> honest.replace(",\"crossOrigin\":false", "")));
        assertGoodForBoth(
                passkey.publicKey(),
                passkey.signOnPage(
                        NAMESPACE,
                        MESSAGE,
                        ORIGIN,
                        honest -> honest.replace("}", ",\"other_keys_can_be_added_here\":\"yes\"}")));
    }

    @Test
    void a_security_key_that_was_not_touched_is_refused() {
        SoftAuthenticator untouched = SoftAuthenticator.ed25519("ssh:").withFlags(SoftAuthenticator.VERIFIED);

        assertThat(ruleOf(untouched.sign(NAMESPACE, MESSAGE))).isEqualTo("user-presence-missing");
    }

    @Test
    void a_security_key_that_did_not_verify_its_user_is_refused() {
        SoftAuthenticator unverified = SoftAuthenticator.ecdsa("ssh:").withFlags(SoftAuthenticator.PRESENT);

        assertThat(ruleOf(unverified.sign(NAMESPACE, MESSAGE))).isEqualTo("user-verification-missing");
    }

    @Test
    void a_passkey_that_was_not_touched_or_did_not_verify_is_refused() {
        assertThat(ruleOf(passkey().withFlags(SoftAuthenticator.VERIFIED).signOnPage(NAMESPACE, MESSAGE, ORIGIN)))
                .isEqualTo("user-presence-missing");
        assertThat(ruleOf(passkey().withFlags(SoftAuthenticator.PRESENT).signOnPage(NAMESPACE, MESSAGE, ORIGIN)))
                .isEqualTo("user-verification-missing");
    }

    @Test
    void flags_of_a_security_key_that_were_raised_after_signing_are_refused() {
        SoftAuthenticator honest = SoftAuthenticator.ed25519("ssh:").withFlags(0);
        byte[] bytes = SshSignature.parse(honest.sign(NAMESPACE, MESSAGE)).bytes();
        bytes[bytes.length - 5] = SoftAuthenticator.PRESENT | SoftAuthenticator.VERIFIED;

        assertThat(ruleOf(SshWire.writeArmor("SSH SIGNATURE", bytes))).isEqualTo("bad-signature");
    }

    @Test
    void a_security_key_of_another_application_is_refused() {
        SoftAuthenticator ours = SoftAuthenticator.ed25519("ssh:ours");
        SoftAuthenticator other = new SoftAuthenticator(ours.pair(), "ssh:them", ours.flags(), 7, new byte[0]);
        byte[] bytes = SshSignature.parse(other.sign(NAMESPACE, MESSAGE)).bytes();
        byte[] moved = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("ssh:them", "ssh:ours")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(ruleOf(SshWire.writeArmor("SSH SIGNATURE", moved))).isEqualTo("bad-signature");
    }

    @Test
    void a_passkey_used_on_another_page_is_refused() {
        assertThat(ruleOf(passkey().signOnPage(NAMESPACE, MESSAGE, "https://evil.example.com")))
                .isEqualTo("webauthn-origin");
    }

    @Test
    void a_passkey_whose_browser_saw_another_page_than_the_signature_says_is_refused() {
        assertThat(ruleOfPage(honest -> honest.replace(ORIGIN, "https://evil.example.com")))
                .isEqualTo("webauthn-origin");
    }

    @Test
    void a_passkey_is_refused_where_no_page_is_allowed() {
        String armored = passkey().signOnPage(NAMESPACE, MESSAGE, ORIGIN);

        assertThat(Refusals.ruleOf(() -> SshSignature.parse(armored).verify(NAMESPACE, MESSAGE)))
                .isEqualTo("webauthn-origin");
    }

    @Test
    void a_passkey_of_another_relying_party_is_refused() {
        assertThat(ruleOf(SoftAuthenticator.ecdsa("other.org").signOnPage(NAMESPACE, MESSAGE, ORIGIN)))
                .isEqualTo("webauthn-rp-id");
    }

    @Test
    void a_passkey_used_in_an_embedded_page_is_refused() {
        assertThat(ruleOfPage(honest -> honest.replace("\"crossOrigin\":false", "\"crossOrigin\":true")))
                .isEqualTo("webauthn-cross-origin");
        assertThat(ruleOfPage(honest -> honest.replace("\"crossOrigin\":false", "\"crossOrigin\":\"false\"")))
                .isEqualTo("webauthn-cross-origin");
        assertThat(ruleOfPage(honest -> honest.replace("}", ",\"topOrigin\":\"https://evil.example.com\"}")))
                .isEqualTo("webauthn-cross-origin");
    }

    @Test
    void a_passkey_that_signed_another_message_is_refused() {
        String armored = passkey().signOnPage(NAMESPACE, "another".getBytes(StandardCharsets.UTF_8), ORIGIN);

        assertThat(ruleOf(armored)).isEqualTo("webauthn-challenge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"webauthn.create\",",
                "{ \"type\":\"webauthn.get\",",
                "{\"a\":1,\"type\":\"webauthn.get\",",
                "{\"type\":\"webauthn.get\",\"challenge\":\"x\","
            })
    void client_data_of_another_shape_is_refused(String start) {
        assertThat(ruleOfPage(honest -> honest.replace("{\"type\":\"webauthn.get\",", start)))
                .isEqualTo("malformed-signature");
    }

    @Test
    void client_data_in_another_order_is_refused_as_ssh_keygen_does() {
        SoftAuthenticator passkey = passkey();
        String armored = passkey.signOnPage(
                NAMESPACE,
                MESSAGE,
                ORIGIN,
                honest -> honest.replaceFirst("(\"challenge\":\"[^\"]*\"),(\"origin\":\"[^\"]*\")", "$2,$1"));

        assertThat(ruleOf(armored)).isEqualTo("malformed-signature");
        assertThat(new SshKeygen(folder)
                        .verify(passkey.publicKey(), NAMESPACE, MESSAGE, armored)
                        .code())
                .isNotZero();
    }

    @Test
    void flags_that_do_not_belong_to_an_assertion_are_refused() {
        int user = SoftAuthenticator.PRESENT | SoftAuthenticator.VERIFIED;

        assertThat(ruleOf(
                        passkey().withFlags(user | SoftAuthenticator.ATTESTED).signOnPage(NAMESPACE, MESSAGE, ORIGIN)))
                .isEqualTo("malformed-signature");
        assertThat(ruleOf(
                        passkey().withFlags(user | SoftAuthenticator.EXTENDED).signOnPage(NAMESPACE, MESSAGE, ORIGIN)))
                .isEqualTo("malformed-signature");
        assertThat(ruleOf(passkey().withExtensions(new byte[] {(byte) 0xa0}).signOnPage(NAMESPACE, MESSAGE, ORIGIN)))
                .isEqualTo("malformed-signature");
    }

    @Test
    void a_passkey_whose_signature_belongs_to_other_client_data_is_refused() {
        String armored = passkey().signOnPage(NAMESPACE, MESSAGE, ORIGIN);
        byte[] bytes = SshSignature.parse(armored).bytes();
        byte[] tampered = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("\"crossOrigin\":false", "\"crossXrigin\":false")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(ruleOf(SshWire.writeArmor("SSH SIGNATURE", tampered))).isEqualTo("bad-signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com",
                "https://example.org",
                "https://notexample.com",
                "https://example.com/",
                "https://example.com.evil.org",
                "https://*.example.com",
                "example.com",
                "https://example.com:99999999"
            })
    void an_origin_outside_the_relying_party_cannot_be_allowed(String origin) {
        assertThat(Refusals.ruleOf(() -> new WebAuthnOrigins(RELYING_PARTY, Set.of(origin))))
                .isEqualTo("malformed-origin");
    }

    @Test
    void pages_below_the_relying_party_and_on_this_machine_can_be_allowed() {
        assertThatCode(() -> new WebAuthnOrigins("example.com", Set.of("https://a.b.example.com:8443")))
                .doesNotThrowAnyException();
        assertThatCode(() -> new WebAuthnOrigins("localhost", Set.of("http://localhost:8080")))
                .doesNotThrowAnyException();
    }
}
