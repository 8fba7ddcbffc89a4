package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Only what was found good is remembered, and only for exactly what was asked. */
final class VerifiedSignaturesTest {
    private static final String NAMESPACE = "vote@countersign.dev";
    private static final SshPrivateKey KEY = SshPrivateKey.ofEd25519Seed(new byte[32]);
    private static final WebAuthnOrigins NONE = WebAuthnOrigins.none();

    private final VerifiedSignatures memory = new VerifiedSignatures(2);

    private static byte[] message(int number) {
        return ("message " + number).getBytes(StandardCharsets.UTF_8);
    }

    private static SshSignature signature(int number) {
        return SshSignature.parse(KEY.sign(NAMESPACE, message(number)));
    }

    private boolean isRemembered(int number) {
        return memory.isRemembered(signature(number), NAMESPACE, message(number), NONE);
    }

    private String verify(SshSignature signature, String namespace, byte[] message) {
        return Refusals.ruleOf(() -> memory.verify(signature, namespace, message, NONE));
    }

    @Test
    void a_good_signature_is_remembered() {
        assertThat(isRemembered(1)).isFalse();

        assertThat(verify(signature(1), NAMESPACE, message(1))).isEqualTo("accepted");

        assertThat(isRemembered(1)).isTrue();
        assertThat(verify(signature(1), NAMESPACE, message(1))).isEqualTo("accepted");
    }

    @Test
    void a_bad_signature_is_refused_every_time() {
        assertThat(verify(signature(1), NAMESPACE, message(2))).isEqualTo("bad-signature");
        assertThat(verify(signature(1), NAMESPACE, message(2))).isEqualTo("bad-signature");
    }

    @Test
    void what_is_remembered_does_not_excuse_another_message_namespace_or_page() {
        SoftAuthenticator passkey = SoftAuthenticator.ecdsa("example.com");
        SshSignature onPage = SshSignature.parse(passkey.signOnPage(NAMESPACE, message(1), "https://example.com"));
        memory.verify(onPage, NAMESPACE, message(1), new WebAuthnOrigins("example.com", Set.of("https://example.com")));
        memory.verify(signature(1), NAMESPACE, message(1), NONE);

        assertThat(verify(signature(1), NAMESPACE, message(2))).isEqualTo("bad-signature");
        assertThat(verify(signature(1), "git", message(1))).isEqualTo("wrong-namespace");
        assertThat(verify(onPage, NAMESPACE, message(1))).isEqualTo("webauthn-origin");
    }

    @Test
    void the_least_recently_used_one_is_forgotten() {
        verify(signature(1), NAMESPACE, message(1));
        verify(signature(2), NAMESPACE, message(2));
        verify(signature(1), NAMESPACE, message(1));

        verify(signature(3), NAMESPACE, message(3));

        assertThat(isRemembered(1)).isTrue();
        assertThat(isRemembered(2)).isFalse();
        assertThat(isRemembered(3)).isTrue();
    }

    @Test
    void several_threads_may_ask_at_once() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            var answers = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> verify(signature(i % 5), NAMESPACE, message(i % 7))))
                    .toList();

            for (int i = 0; i < answers.size(); i++) {
                Future<String> answer = answers.get(i);
                assertThat(answer.get()).isEqualTo(i % 5 == i % 7 ? "accepted" : "bad-signature");
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
