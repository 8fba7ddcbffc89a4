package countersign.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Notes signed by known keys are trusted, all others are refused by name. */
final class SignedNoteTest {
    private static final String TEXT = "countersign.example/log\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    private static final NoteSigner LOG =
            new NoteSigner("countersign.example/log", NoteKey.Algorithm.ED25519, new byte[32]);
    private static final NoteSigner WITNESS = new NoteSigner(
            "witness.example/w1",
            NoteKey.Algorithm.COSIGNATURE,
            TEXT.substring(0, 32).getBytes(StandardCharsets.UTF_8));
    private static final Instant SEEN = Instant.parse("2026-11-21T10:00:00Z");

    /** The example in the documentation of Go's package golang.org/x/mod/sumdb/note. */
    private static final String GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private static final String GO_NOTE = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    private static SignedNote signed() {
        return SignedNote.of(TEXT, List.of(LOG.sign(TEXT), WITNESS.cosign(TEXT, SEEN)));
    }

    private static String ruleOf(String note) {
        return Refusals.ruleOf(() -> SignedNote.parse(note).verify(List.of(LOG.key(), WITNESS.key())));
    }

    @Test
    void the_example_of_go_is_trusted() {
        NoteKey key = NoteKey.parse(GO_KEY);

        List<SignedNote.Verified> verified = SignedNote.parse(GO_NOTE).verify(List.of(key));

        assertThat(verified).containsExactly(new SignedNote.Verified(key, null));
        assertThat(key.vkey()).isEqualTo(GO_KEY);
        assertThat(HexFormat.of().toHexDigits(key.keyId())).isEqualTo("c74f20a3");
        assertThat(SignedNote.parse(GO_NOTE).write()).isEqualTo(GO_NOTE);
    }

    @Test
    void a_note_names_the_known_keys_that_signed_it() {
        SignedNote note = SignedNote.parse(signed().write());

        assertThat(note.text()).isEqualTo(TEXT);
        assertThat(note.verify(List.of(WITNESS.key(), LOG.key())))
                .containsExactly(
                        new SignedNote.Verified(LOG.key(), null), new SignedNote.Verified(WITNESS.key(), SEEN));
        assertThat(note.verify(List.of(WITNESS.key()))).containsExactly(new SignedNote.Verified(WITNESS.key(), SEEN));
    }

    @Test
    void signatures_are_good_for_openssl_in_the_bytes_of_the_specification(@TempDir Path folder) {
        byte[] line = Base64.getDecoder()
                .decode(WITNESS.cosign(TEXT, SEEN).strip().substring("— witness.example/w1 ".length()));
        byte[] message = ("cosignature/v1\ntime 1795255200\n" + TEXT).getBytes(StandardCharsets.UTF_8);
        SshKeygen tools = new SshKeygen(folder);
        tools.write("message", message);
        tools.write("signature", Arrays.copyOfRange(line, 12, 76));
        tools.write(
                "key",
                new SshWire.Writer()
                        .raw(HexFormat.of().parseHex("302a300506032b6570032100"))
                        .raw(WITNESS.key().publicKey())
                        .bytes());

        SshKeygen.Result result = tools.run(
                "",
                "openssl",
                "pkeyutl",
                "-verify",
                "-pubin",
                "-keyform",
                "DER",
                "-inkey",
                "key",
                "-rawin",
                "-in",
                "message",
                "-sigfile",
                "signature");

        assertThat(result.output()).contains("Signature Verified Successfully");
        assertThat(line).hasSize(76);
        assertThat(ByteBuffer.wrap(line).getInt()).isEqualTo(WITNESS.key().keyId());
        assertThat(ByteBuffer.wrap(line).getLong(4)).isEqualTo(SEEN.getEpochSecond());
    }

    @Test
    void a_key_that_signed_twice_counts_once() {
        SignedNote note = signed().with(List.of(LOG.sign(TEXT), WITNESS.cosign(TEXT, SEEN.plusSeconds(9))));

        assertThat(note.verify(List.of(LOG.key(), WITNESS.key()))).hasSize(2);
    }

    @Test
    void signatures_by_unknown_keys_are_ignored() {
        NoteSigner stranger = NoteSigner.generate("stranger", NoteKey.Algorithm.ED25519, new SecureRandom());
        String rubbish = "— rubbish " + Base64.getEncoder().encodeToString(new byte[300]) + "\n";

        SignedNote note = signed().with(List.of(stranger.sign(TEXT), rubbish));

        assertThat(note.verify(List.of(LOG.key()))).hasSize(1);
    }

    @Test
    void a_note_that_no_known_key_signed_is_refused() {
        NoteSigner stranger = NoteSigner.generate(LOG.key().name(), NoteKey.Algorithm.ED25519, new SecureRandom());

        assertThat(ruleOf(SignedNote.of(TEXT, List.of(stranger.sign(TEXT))).write()))
                .isEqualTo("note-not-trusted");
        assertThat(Refusals.ruleOf(() -> signed().verify(List.of()))).isEqualTo("note-not-trusted");
    }

    @Test
    void a_known_key_that_does_not_fit_refuses_the_whole_note() {
        assertThat(ruleOf(signed().write().replace("\n3\n", "\n4\n"))).isEqualTo("bad-note-signature");

        SignedNote other = SignedNote.of("other\n", List.of(LOG.sign("other\n"), WITNESS.cosign(TEXT, SEEN)));
        assertThat(ruleOf(other.write())).isEqualTo("bad-note-signature");
    }

    @Test
    void a_cosignature_whose_time_was_changed_is_refused() {
        String line = WITNESS.cosign(TEXT, SEEN);
        String prefix = "— witness.example/w1 ";
        byte[] payload = Base64.getDecoder().decode(line.strip().substring(prefix.length()));
        payload[11] ^= 1;

        String tampered = prefix + Base64.getEncoder().encodeToString(payload) + "\n";

        assertThat(ruleOf(SignedNote.of(TEXT, List.of(tampered)).write())).isEqualTo("bad-note-signature");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8, 71, 73})
    void a_cosignature_of_another_length_or_an_impossible_time_is_refused(int length) {
        byte[] payload = new byte[4 + length];
        Arrays.fill(payload, (byte) 0xff);
        ByteBuffer.wrap(payload).putInt(WITNESS.key().keyId());
        String line = "— witness.example/w1 " + Base64.getEncoder().encodeToString(payload) + "\n";

        assertThat(ruleOf(SignedNote.of(TEXT, List.of(line)).write())).isEqualTo("bad-note-signature");
    }

    static Stream<String> malformed() {
        String good = signed().write();
        return Stream.of(
                "",
                "\n",
                "\n\n",
                TEXT,
                TEXT + "\n",
                good.substring(0, good.length() - 1),
                good + "\n",
                good + "no signature\n",
                good.replace("— c", "- c"),
                good.replace("— c", "—  c"),
                good.replace("— countersign", "— counter sign"),
                good.replace("log\n3", "log\r\n3"),
                good.replace("log\n3", "log\t3"),
                good.replace("— witness", "\r— witness"),
                TEXT + "\n— name \n",
                TEXT + "\n— name AAAA\n",
                TEXT + "\n— name AAAAAA\n",
                TEXT + "\n— name AAAAAAAA=\n",
                TEXT + "\n" + "— name AAAAAAAA\n".repeat(65),
                "x".repeat(70_000) + "\n\n— name AAAAAAAA\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_note_of_another_form_is_refused(String note) {
        assertThat(ruleOf(note)).isEqualTo("malformed-note");
    }

    @Test
    void a_note_that_is_not_utf8_is_refused() {
        byte[] note = signed().write().getBytes(StandardCharsets.UTF_8);
        note[3] = (byte) 0xff;

        assertThat(Refusals.ruleOf(() -> SignedNote.parse(note))).isEqualTo("malformed-note");
    }

    @Test
    void every_byte_that_is_flipped_is_refused() {
        byte[] note = SignedNote.of(TEXT, List.of(LOG.sign(TEXT))).write().getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < note.length; i++) {
            byte[] flipped = note.clone();
            flipped[i] ^= 1;
            assertThat(Refusals.ruleOf(() -> SignedNote.parse(flipped).verify(List.of(LOG.key()))))
                    .as("byte %d", i)
                    .isNotEqualTo("accepted");
        }
    }

    @Test
    void a_text_may_have_empty_lines_and_64_signatures() {
        String text = "one\n\n\ntwo\n";
        List<String> lines = IntStream.range(0, 64)
                .mapToObj(i -> new NoteSigner("key" + i, NoteKey.Algorithm.ED25519, new byte[32]).sign(text))
                .toList();

        SignedNote note = SignedNote.parse(SignedNote.of(text, lines).write());

        assertThat(note.text()).isEqualTo(text);
        assertThat(note.signatureLines()).isEqualTo(lines);
    }

    @Test
    void a_private_key_survives_being_written_and_read_and_is_not_shown() {
        NoteSigner copy = NoteSigner.parse(LOG.privateText() + "\n");

        assertThat(LOG.privateText()).startsWith("PRIVATE+KEY+countersign.example/log+f592fe20+AQAAAA");
        assertThat(copy.key()).isEqualTo(LOG.key());
        assertThat(copy.sign(TEXT)).isEqualTo(LOG.sign(TEXT));
        assertThat(NoteSigner.parse(WITNESS.privateText()).key().algorithm()).isEqualTo(NoteKey.Algorithm.COSIGNATURE);
        assertThat(LOG.toString()).isEqualTo("private key of " + LOG.key().vkey());
    }

    @Test
    void a_key_serves_one_algorithm_only() {
        assertThatThrownBy(() -> LOG.cosign(TEXT, SEEN)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> WITNESS.sign(TEXT)).isInstanceOf(IllegalStateException.class);
    }

    static Stream<String> malformedKeys() {
        return Stream.of(
                "",
                "name",
                "name+00000000",
                GO_KEY.replace("Peter", "Petra"),
                GO_KEY.replace("c74f20a3", "c74f20a4"),
                GO_KEY.replace("c74f20a3", "C74F20A3"),
                GO_KEY.replace("+ARpc", "+AhpC"),
                GO_KEY.replace("+ARpc", "+"),
                GO_KEY.replace("PeterNeumann", ""),
                GO_KEY.replace("PeterNeumann", "Peter Neumann"),
                GO_KEY + "AAAA");
    }

    @ParameterizedTest
    @MethodSource("malformedKeys")
    void a_key_that_does_not_hold_what_it_says_is_refused(String vkey) {
        assertThat(Refusals.ruleOf(() -> NoteKey.parse(vkey))).isEqualTo("malformed-note-key");
    }

    @Test
    void a_private_key_that_does_not_hold_what_it_says_is_refused() {
        String good = LOG.privateText();

        assertThat(Refusals.ruleOf(() -> NoteSigner.parse(good.replace("example", "elsewhere"))))
                .isEqualTo("malformed-note-key");
        assertThat(Refusals.ruleOf(() -> NoteSigner.parse(good.substring(1)))).isEqualTo("malformed-note-key");
        assertThat(Refusals.ruleOf(() -> NoteSigner.parse(LOG.key().vkey()))).isEqualTo("malformed-note-key");
    }

    @Test
    void a_key_of_small_order_is_refused() {
        byte[] identity = EdwardsPoint.IDENTITY.encoded();

        assertThat(Refusals.ruleOf(() -> new NoteKey("name", NoteKey.Algorithm.ED25519, identity)))
                .isEqualTo("weak-key");
    }
}
